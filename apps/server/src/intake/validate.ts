/** Our words → facts, or problems. Pure. The schema says what can be read, this file what can be true. */
import {
  Discount,
  type NeutralIdentity,
  type NeutralMessage,
  NeutralOrder,
  PartialOrder,
  type Problem,
  PROBLEMS,
  problem,
} from '@weir/contract';
import { fenOf, formatFen, formatInstant, type Report, sumOf } from '@weir/core';
import { Compile } from 'typebox/compile';
import { ID_PATTERN } from '@weir/contract/values';
import { AN_INSTANT, readingOf, readProblems, textProblem, typeExpected } from '#web';
import { isHistory, type MessageTime, newestOf, readTimes } from './message-times.ts';

const checkFull = Compile(NeutralOrder);
const checkPartial = Compile(PartialOrder);
/** Their clock may run ahead of ours by this much before a person is asked. */
export const CLOCK_SKEW_MS = 10 * 60_000;

/** The personal values of one message; they go into the bundle, the facts keep their fingerprints. */
export interface Personal {
  readonly receiver?: NeutralMessage['receiver'];
  readonly buyer?: NeutralMessage['buyer'];
  readonly remark?: string | null;
  readonly context?: NeutralMessage['context'];
  /** What a person wrote on a hold, by the hold's id. */
  readonly holdWords?: Readonly<Record<string, string>>;
  /** What a person wrote when the order was cancelled here. */
  readonly cancelReason?: string;
}
export interface Read {
  /** Source time: modifiedAt, else the newest readable time in the message, else the time of receipt. ms UTC. */
  readonly at: number;
  readonly problems: readonly Problem[];
  /** Null when a problem blocks and is not acceptable: some value cannot be read. */
  readonly report: Report | null;
  readonly personal: Personal;
}

/** Who an order is, from any JSON value; null when it cannot be told. */
export function identityOf(value: unknown): NeutralIdentity | null {
  if (typeof value !== 'object' || value === null) return null;
  const { channel, shop, channelOrderId } = value as Record<string, unknown>;
  if (!isId(shop) || !isId(channelOrderId) || typeof channel !== 'string' || !/^[a-z][a-z0-9_-]{0,31}$/.test(channel)) return null;
  return { channel, shop, channelOrderId };
}
const ID = new RegExp(ID_PATTERN, 'u');
const isId = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 128 && ID.test(value) && value.isWellFormed();

/** Problems that say why something is no order at all, for the 422 answer. */
export function identityProblems(value: unknown): Problem[] {
  const found = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  if (found === null) return [problem('field.wrong_type', '', { reading: readingOf('', value), ...typeExpected('object') })];
  return (['channel', 'shop', 'channelOrderId'] as const).flatMap((name) => {
    if (!(name in found)) return [problem('field.missing', `/${name}`, { expected: name })];
    const fine = identityOf({ channel: 'own', shop: 's', channelOrderId: 'o', [name]: found[name] }) !== null;
    return fine
      ? []
      : [
          problem('field.wrong_type', `/${name}`, {
            reading: readingOf(`/${name}`, found[name]),
            expected: 'string',
            expectedZh: '非空文本',
          }),
        ];
  });
}

export interface Reading {
  readonly receivedAt: number;
  readonly rank: number;
  /** Keyed and one-way; equal texts give equal fingerprints. */
  readonly fingerprint: (text: string) => string;
  /** The UTF-8 that `value` was parsed from, when it is at hand: without an escape in it, no text can hold half of a character. */
  readonly bytes?: Buffer;
  /** True for a channel's own answer about an order: its `shipments` are all that there are. */
  readonly listsShipments?: boolean;
}
const BACKSLASH = 0x5c;
const mayHoldHalves = (bytes: Buffer | undefined): boolean => bytes === undefined || bytes.includes(BACKSLASH);

export function readNeutral(value: unknown, { receivedAt, rank, fingerprint, bytes, listsShipments = false }: Reading): Read {
  const partial = (value as { partial?: unknown }).partial === true;
  const check = partial ? checkPartial : checkFull;
  const told = readTimes(value);
  const newest = newestOf(told) ?? receivedAt;
  if (!check.Check(value)) return { at: newest, problems: readProblems(check.Errors(value), value), report: null, personal: {} };
  const message = value;
  const broken = [...(mayHoldHalves(bytes) && !isWellFormed(message) ? unreadable(message) : []), ...badTimes(told)];
  if (broken.length > 0) return { at: newest, problems: broken, report: null, personal: {} };
  const at = told.find((time) => time.pointer === '/modifiedAt')?.at ?? newest;
  const problems = [...references(message), ...times(message, told, receivedAt), ...sums(message), ...warnings(message)];
  const stuck = problems.some((each) => each.severity === 'blocking' && !PROBLEMS[each.code].acceptable);
  const report = stuck ? null : toReport(message, at, rank, problems, fingerprint);
  const lists = report !== null && listsShipments && message.shipments !== undefined;
  return { at, problems, report: lists ? { ...report, listsShipments } : report, personal: personalOf(message) };
}

/** No half of a surrogate pair anywhere; the common answer costs no pointers. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  for (const name in value) if (!isWellFormed((value as Record<string, unknown>)[name])) return false;
  return true;
}

function unreadable(value: unknown, pointer = ''): Problem[] {
  if (typeof value === 'string') return value.isWellFormed() ? [] : [textProblem(pointer, value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => unreadable(each, `${pointer}/${name}`));
}

const badTimes = (told: readonly MessageTime[]): Problem[] =>
  told
    .filter(({ at }) => at === null)
    .map(({ pointer, text }) => problem('time.not_zoned', pointer, { reading: readingOf(pointer, text), ...AN_INSTANT }));

const LADDER = ['/placedAt', '/paidAt', '/shippedAt', '/completedAt'];

function times(message: NeutralMessage, told: readonly MessageTime[], receivedAt: number): Problem[] {
  const limit = receivedAt + CLOCK_SKEW_MS;
  const found: Problem[] = [];
  for (const time of told)
    if (isHistory(time) && (time.at as number) > limit)
      found.push(problem('time.in_future', time.pointer, { reading: time.text, expected: formatInstant(receivedAt) }));
  let before: MessageTime | undefined;
  for (const time of told) {
    if (!LADDER.includes(time.pointer)) continue;
    if (before && (time.at as number) < (before.at as number))
      found.push(problem('time.out_of_order', time.pointer, { reading: time.text, expected: `${before.pointer.slice(1)} ${before.text}` }));
    before = time;
  }
  if (message.modifiedAt === undefined) found.push(problem('time.no_modified_at', '/modifiedAt'));
  return found;
}

const ONCE = { expected: 'each id once', expectedZh: '每个编号只出现一次' } as const;
/** Of the lines that a reference could have meant, so many are named. */
const SHOWN_LINES = 10;

/** Ids are unique within their list, and every reference names a line of this order. */
function references(message: NeutralMessage): Problem[] {
  const found: Problem[] = [];
  const unique = (list: readonly { readonly [K in 'id' | 'lineId']?: string }[] | undefined, name: 'id' | 'lineId', at: string) => {
    const seen = new Set<string>();
    list?.forEach((item, i) => {
      const id = item[name] as string;
      if (seen.has(id))
        found.push(problem(name === 'lineId' ? 'line.duplicate' : 'id.duplicate', `${at}/${i}/${name}`, { reading: id, ...ONCE }));
      seen.add(id);
    });
  };
  unique(message.lines, 'lineId', '/lines');
  for (const list of ['payments', 'refunds', 'shipments'] as const) unique(message[list], 'id', `/${list}`);
  if (message.lines === undefined) return found;
  const known = new Set(message.lines.map((line) => line.lineId));
  const expected = `${[...known].slice(0, SHOWN_LINES).join(' | ')}${known.size > SHOWN_LINES ? ' | …' : ''}`;
  const refer = (lineId: string | undefined, pointer: string) => {
    if (lineId !== undefined && !known.has(lineId)) found.push(problem('line.not_found', pointer, { reading: lineId, expected }));
  };
  message.refunds?.forEach((refund, i) => refer(refund.lineId, `/refunds/${i}/lineId`));
  message.doNotShip?.forEach((sign, i) => refer(sign.lineId, `/doNotShip/${i}/lineId`));
  message.shipments?.forEach((shipment, i) => shipment.lines.forEach((line, j) => refer(line.lineId, `/shipments/${i}/lines/${j}/lineId`)));
  return found;
}

const MOST = `≤ ${formatFen(Number.MAX_SAFE_INTEGER)}`;
/** The line that is most to blame for a sum which cannot be held, as its product. */
function dearest(lines: NonNullable<NeutralMessage['lines']>): string {
  const worth = (line: (typeof lines)[number]): number => Number(line.unitPrice) * line.quantity;
  const { unitPrice, quantity } = lines.reduce((most, line) => (worth(line) > worth(most) ? line : most));
  return `${unitPrice} × ${quantity}`;
}

const total = (amounts: readonly string[]): number => amounts.reduce((sum, amount) => sum + fenOf(amount), 0);

/** The sums of the contract, as far as the message itself holds their parts. */
function sums(message: NeutralMessage): Problem[] {
  const found: Problem[] = [];
  const { lines, discounts, shippingFee, payable, paid, refunded, payments, refunds } = message;
  const differ = (
    code: 'sum.payable' | 'sum.paid' | 'sum.payments' | 'sum.refunds',
    pointer: string,
    reading: string | undefined,
    expected: number,
  ) => {
    if (reading !== undefined && fenOf(reading) !== expected)
      found.push(problem(code, pointer, { reading, expected: formatFen(expected) }));
  };
  if (lines && discounts && shippingFee !== undefined && payable !== undefined) {
    const sum = sumOf(lines, discounts, shippingFee);
    if (sum === null) found.push(problem('amount.too_large', '/lines', { reading: dearest(lines), expected: MOST }));
    else differ('sum.payable', '/payable', payable, sum);
  }
  const ended = message.status === 'cancelled' || message.status === 'closed';
  if (message.status !== undefined && message.status !== 'awaiting_payment' && !ended && payable !== undefined)
    differ('sum.paid', '/paid', paid, fenOf(payable));
  if (payments) differ('sum.payments', '/paid', paid, total(payments.map((payment) => payment.amount)));
  if (refunds)
    differ(
      'sum.refunds',
      '/refunded',
      refunded,
      total(refunds.filter((refund) => refund.status === 'done').map((refund) => refund.amount)),
    );
  if (refunded !== undefined && paid !== undefined && fenOf(refunded) > fenOf(paid))
    found.push(problem('sum.refunded', '/refunded', { reading: refunded, expected: paid }));
  return found;
}

const PAYERS = Discount.properties.payer.enum.filter((payer) => payer !== 'unknown').join(' | ');
const warnings = (message: NeutralMessage): Problem[] =>
  (message.discounts ?? []).flatMap((discount, i) =>
    discount.payer === 'unknown'
      ? [problem('discount.no_payer', `/discounts/${i}/payer`, { reading: discount.payer, expected: PAYERS })]
      : [],
  );

function personalOf(message: NeutralMessage): Personal {
  const { receiver, buyer, remark, context } = message;
  return {
    ...(receiver === undefined ? {} : { receiver }),
    ...(buyer === undefined ? {} : { buyer }),
    ...(remark === undefined ? {} : { remark }),
    ...(context ? { context } : {}),
  };
}

const byId = <T extends { id: string }>(list: readonly T[] | undefined): Record<string, Omit<T, 'id'>> =>
  Object.fromEntries((list ?? []).map(({ id, ...rest }) => [id, rest]));
const PLAIN = [
  'discounts',
  'shippingFee',
  'payable',
  'paid',
  'refunded',
  'currency',
  'placedAt',
  'paidAt',
  'shippedAt',
  'completedAt',
  'shipBy',
  'doNotShip',
] as const;

function toReport(
  message: NeutralMessage,
  at: number,
  rank: number,
  problems: readonly Problem[],
  fingerprint: (text: string) => string,
): Report {
  const content: Record<string, unknown> = {};
  for (const name of PLAIN) if (message[name] !== undefined) content[name] = message[name];
  if (message.lines)
    content['lines'] = message.lines.map(({ lineId, sku, title, quantity, unitPrice, discount, gift }) => ({
      lineId,
      sku,
      title,
      quantity,
      unitPrice,
      discount,
      ...(gift === undefined ? {} : { gift }),
    }));
  const secret = (value: unknown): string | null => (value === null ? null : fingerprint(JSON.stringify(value)));
  if (message.receiver !== undefined) content['address'] = secret(message.receiver && orderedReceiver(message.receiver));
  if (message.buyer !== undefined)
    content['buyer'] = secret(
      message.buyer && { name: message.buyer.name, phone: message.buyer.phone, channelBuyerId: message.buyer.channelBuyerId },
    );
  if (message.remark !== undefined) content['remark'] = secret(message.remark);
  return {
    at,
    rank,
    full: message.partial !== true,
    content: content,
    ...(message.status === undefined ? {} : { status: message.status }),
    ...(message.modifiedAt === undefined ? {} : { modifiedAt: message.modifiedAt }),
    lineStatus: Object.fromEntries(
      (message.lines ?? []).flatMap((line) => (line.status === undefined ? [] : [[line.lineId, line.status]])),
    ),
    payments: byId(message.payments),
    refunds: byId(message.refunds),
    shipments: byId(message.shipments),
    warnings: problems.filter((each) => each.severity === 'warning').map(({ code, pointer }) => ({ code, pointer })),
  };
}

/** Equal receivers give equal texts, however the sender ordered the names. */
export const orderedReceiver = (r: NonNullable<NeutralMessage['receiver']>) => ({
  name: r.name,
  phone: r.phone,
  province: r.province,
  city: r.city,
  district: r.district,
  detail: r.detail,
  token: r.token,
});

export const isBlocked = (problems: readonly Problem[]): boolean => problems.some((each) => each.severity === 'blocking');
export const isAcceptable = (problems: readonly Problem[]): boolean => problems.every((each) => PROBLEMS[each.code].acceptable);
