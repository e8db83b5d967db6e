/** Our words → facts, or problems. Pure. The schema says what can be read, this file what can be true. */
import { type NeutralIdentity, type NeutralMessage, NeutralOrder, PartialOrder, type Problem, PROBLEMS, problem } from '@weir/contract';
import { fenOf, formatFen, formatInstant, parseInstant, type Report, sumOf } from '@weir/core';
import { Compile } from 'typebox/compile';
import { ID_PATTERN } from '@weir/contract/values';
import { readingOf, readProblems } from '#web';

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
const ID = new RegExp(ID_PATTERN);
const isId = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 128 && ID.test(value) && value.isWellFormed();

/** Problems that say why something is no order at all, for the 422 answer. */
export function identityProblems(value: unknown): Problem[] {
  const found = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  if (found === null) return [problem('field.wrong_type', '', { reading: readingOf('/buyer', value), expected: 'object' })];
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

/** `fingerprint` is keyed and one-way; equal texts give equal fingerprints. */
export function readNeutral(value: unknown, receivedAt: number, rank: number, fingerprint: (text: string) => string): Read {
  const partial = (value as { partial?: unknown }).partial === true;
  const check = partial ? checkPartial : checkFull;
  if (!check.Check(value))
    return { at: newestTime(value) ?? receivedAt, problems: readProblems(check.Errors(value), value), report: null, personal: {} };
  const message = value;
  const broken = [...unreadable(message), ...badTimes(message)];
  if (broken.length > 0) return { at: newestTime(value) ?? receivedAt, problems: broken, report: null, personal: {} };
  const at = sourceTime(message, receivedAt);
  const problems = [...references(message), ...times(message, at, receivedAt), ...sums(message), ...warnings(message)];
  const stuck = problems.some((each) => each.severity === 'blocking' && !PROBLEMS[each.code].acceptable);
  return { at, problems, report: stuck ? null : toReport(message, at, rank, problems, fingerprint), personal: personalOf(message) };
}

const TIMES = ['placedAt', 'paidAt', 'shippedAt', 'completedAt', 'modifiedAt', 'shipBy'] as const;
const ITEM_TIMES = [
  ['payments', 'at'],
  ['refunds', 'at'],
  ['shipments', 'at'],
  ['doNotShip', 'since'],
] as const;

/** Every time in the message with its pointer; works on anything, so that also a blocked message has a source time. */
function timesIn(value: unknown): [pointer: string, text: string][] {
  const order = value as Record<string, unknown>;
  const found: [string, string][] = [];
  for (const name of TIMES) if (typeof order[name] === 'string') found.push([`/${name}`, order[name]]);
  for (const [list, field] of ITEM_TIMES) {
    const items = order[list];
    if (!Array.isArray(items)) continue;
    items.forEach((item: Record<string, unknown> | null, i) => {
      if (typeof item?.[field] === 'string') found.push([`/${list}/${i}/${field}`, item[field]]);
    });
  }
  return found;
}
/** `shipBy` is a promise about the future and never a source time. */
const isHistory = (pointer: string): boolean => pointer !== '/shipBy';

function newestTime(value: unknown): number | null {
  const known = timesIn(value)
    .filter(([pointer]) => isHistory(pointer))
    .map(([, text]) => parseInstant(text))
    .filter((at) => at !== null);
  return known.length > 0 ? Math.max(...known) : null;
}
const sourceTime = (message: NeutralMessage, receivedAt: number): number =>
  message.modifiedAt === undefined ? (newestTime(message) ?? receivedAt) : (parseInstant(message.modifiedAt) ?? receivedAt);

const badTimes = (message: NeutralMessage): Problem[] =>
  timesIn(message)
    .filter(([, text]) => parseInstant(text) === null)
    .map(([pointer, text]) => problem('time.not_zoned', pointer, { reading: readingOf(pointer, text) }));

function unreadable(value: unknown, pointer = ''): Problem[] {
  if (typeof value === 'string') return value.isWellFormed() ? [] : [problem('text.not_unicode', pointer)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => unreadable(each, `${pointer}/${name}`));
}

function times(message: NeutralMessage, at: number, receivedAt: number): Problem[] {
  const limit = receivedAt + CLOCK_SKEW_MS;
  const found = timesIn(message)
    .filter(([pointer, text]) => isHistory(pointer) && (parseInstant(text) as number) > limit)
    .map(([pointer, text]) => problem('time.in_future', pointer, { reading: text, expected: formatInstant(receivedAt) }));
  const ladder = (['placedAt', 'paidAt', 'shippedAt', 'completedAt'] as const).flatMap((name) =>
    message[name] === undefined ? [] : [[name, message[name]] as const],
  );
  for (let i = 1; i < ladder.length; i++) {
    const [[earlier, before], [name, after]] = [ladder[i - 1] as readonly [string, string], ladder[i] as readonly [string, string]];
    if ((parseInstant(after) as number) < (parseInstant(before) as number))
      found.push(problem('time.out_of_order', `/${name}`, { reading: after, expected: `${earlier} ${before}` }));
  }
  if (message.modifiedAt === undefined && at > 0) found.push(problem('time.no_modified_at', '/modifiedAt'));
  return found;
}

/** Ids are unique within their list, and every reference names a line of this order. */
function references(message: NeutralMessage): Problem[] {
  const found: Problem[] = [];
  const unique = (list: readonly { readonly [K in 'id' | 'lineId']?: string }[] | undefined, name: 'id' | 'lineId', at: string) => {
    const seen = new Set<string>();
    list?.forEach((item, i) => {
      const id = item[name] as string;
      if (seen.has(id)) found.push(problem(name === 'lineId' ? 'line.duplicate' : 'id.duplicate', `${at}/${i}/${name}`, { reading: id }));
      seen.add(id);
    });
  };
  unique(message.lines, 'lineId', '/lines');
  for (const list of ['payments', 'refunds', 'shipments'] as const) unique(message[list], 'id', `/${list}`);
  if (message.lines === undefined) return found;
  const known = new Set(message.lines.map((line) => line.lineId));
  const refer = (lineId: string | undefined, pointer: string) => {
    if (lineId !== undefined && !known.has(lineId)) found.push(problem('line.not_found', pointer, { reading: lineId }));
  };
  message.refunds?.forEach((refund, i) => refer(refund.lineId, `/refunds/${i}/lineId`));
  message.doNotShip?.forEach((sign, i) => refer(sign.lineId, `/doNotShip/${i}/lineId`));
  message.shipments?.forEach((shipment, i) => shipment.lines.forEach((line, j) => refer(line.lineId, `/shipments/${i}/lines/${j}/lineId`)));
  return found;
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
    if (sum === null) found.push(problem('amount.too_large', '/lines'));
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

const warnings = (message: NeutralMessage): Problem[] =>
  (message.discounts ?? []).flatMap((discount, i) =>
    discount.payer === 'unknown' ? [problem('discount.no_payer', `/discounts/${i}/payer`)] : [],
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
