/** Orders full of canaries: right ones, wrong ones in every way we know, and what is no order at all. */
import { NeutralOrder, PartialOrder } from '@weir/contract';
import type { Planter } from './planted.ts';
import { leavesOf, type Schema } from './walk.ts';

type Message = Record<string, unknown>;
const AT = '2026-02-20T20:22:08+08:00';
/** Amounts that add up, instants, and words from closed lists: their patterns hold no canary. */
const FITTING: Readonly<Record<string, unknown>> = {
  '/status': 'paid',
  '/lines/*/status': 'paid',
  '/lines/*/unitPrice': '50.00',
  '/lines/*/discount': '0.00',
  '/discounts/*/amount': '10.00',
  '/shippingFee': '0.00',
  '/payable': '40.00',
  '/paid': '40.00',
  '/refunded': '0.00',
  '/payments/*/amount': '40.00',
  '/payments/*/kind': 'full',
  '/payments/*/at': AT,
  '/refunds/*/amount': '10.00',
  '/refunds/*/at': AT,
  '/shipments/*/at': AT,
  '/doNotShip/*/since': AT,
  '/placedAt': AT,
  '/paidAt': AT,
  '/shippedAt': AT,
  '/completedAt': AT,
  '/modifiedAt': AT,
  '/shipBy': AT,
  '/currency': 'CNY',
};
/** Left out where an order must still be able to change. */
const YOUNG = {
  '/shipments': undefined,
  '/doNotShip': undefined,
  '/refunds': undefined,
  '/shippedAt': undefined,
  '/completedAt': undefined,
};

export interface Shop {
  readonly channel: string;
  readonly shop: string;
}
const inShop = ({ channel, shop }: Shop) => ({ '/channel': channel, '/shop': shop });

export const wholeOrder = (planter: Planter, shop: Shop, seed: string): Message =>
  planter.plant(NeutralOrder, seed, { ...FITTING, ...inShop(shop) });
export const youngOrder = (planter: Planter, shop: Shop, seed: string): Message =>
  planter.plant(NeutralOrder, seed, { ...FITTING, ...inShop(shop), ...YOUNG });
export const partialOrder = (planter: Planter, shop: Shop, seed: string, of: Message): Message => ({
  ...planter.plant(PartialOrder, seed, { ...FITTING, ...inShop(shop), ...YOUNG, '/lines': undefined }),
  channelOrderId: of['channelOrderId'],
  modifiedAt: '2026-02-20T21:00:00+08:00',
});

/** `message` with `change` made at `pointer` (asterisks take the first place); what is missing on the way is not made. */
export function changed(message: Message, pointer: string, change: (before: unknown) => unknown): Message {
  const copy = structuredClone(message);
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => (step === '*' ? '0' : step));
  const last = steps.pop() as string;
  let holder: Record<string, unknown> = copy;
  for (const step of steps) holder = holder[step] as Record<string, unknown>;
  holder[last] = change(holder[last]);
  return copy;
}

const OBJECTS = [
  '',
  '/lines/*',
  '/discounts/*',
  '/payments/*',
  '/refunds/*',
  '/shipments/*',
  '/shipments/*/lines/*',
  '/doNotShip/*',
  '/buyer',
  '/receiver',
  '/context',
  '/context/geo',
];
/** Of the lists in the message; it stands in one object. */
const DEEPEST = 63;
const DEEP = 200_000;
const deep = (message: Message, secret: string, levels: number): string =>
  JSON.stringify({ ...message, extra: 'HERE' }).replace('"HERE"', () => `${'['.repeat(levels)}"${secret}"${']'.repeat(levels)}`);

/** Every way to be wrong, as [what, message]. Each is an order of its own and carries all guilty values. */
export function wrongOrders(planter: Planter, shop: Shop, isPublic: (pointer: string) => boolean): [string, Message | string][] {
  const personal = leavesOf(NeutralOrder as Schema).filter(({ pointer }) => !isPublic(pointer));
  const found: [string, (message: Message, secret: string) => Message | string][] = [
    ['sum', (m) => ({ ...m, payable: '41.00', paid: '41.00' })],
    ['payments', (m) => ({ ...m, paid: '39.00' })],
    ['future', (m) => ({ ...m, modifiedAt: '2999-01-01T00:00:00+08:00' })],
    ['no zone', (m) => ({ ...m, paidAt: '2026-02-20 20:22:08' })],
    ['no such day', (m) => ({ ...m, paidAt: '2026-02-31T20:22:08+08:00' })],
    ['amount', (m) => ({ ...m, payable: 40 })],
    ['duplicate line', (m) => ({ ...m, lines: [...(m['lines'] as unknown[]), ...(m['lines'] as unknown[])] })],
    ['half a character', (m) => ({ ...m, remark: `${m['remark'] as string}\uD800` })],
    ['personal value under a public list', (m) => ({ ...m, payments: (m['receiver'] as Message)['name'] })],
    ['personal values as a public list', (m) => ({ ...m, lines: [m['receiver'], m['buyer'], (m['receiver'] as Message)['phone']] })],
    ['personal values in the place of a public text', (m) => ({ ...m, shippingFee: m['receiver'], currency: [m['buyer']] })],
    [
      'personal value as a name',
      (m) => changed(m, '/receiver', (r) => ({ ...(r as object), [`给${(r as Message)['phone'] as string}`]: 'x' })),
    ],
    ['personal value as an order field', (m) => ({ ...m, [(m['receiver'] as Message)['name'] as string]: 1 })],
    ['personal value inside a name', (m) => ({ ...m, remark: { [m['remark'] as string]: { [m['remark'] as string]: true } } })],
    ['deep', (m, s) => deep(m, s, DEEPEST)],
    ...OBJECTS.map((at): [string, (m: Message, s: string) => Message] => [
      `unknown field in ${at}`,
      (m, s) =>
        changed(
          changed(m, `${at}/extra`, () => s),
          `${at}/extras`,
          () => [{ phone: s }, s],
        ),
    ]),
    ...['/receiver', '/buyer', '/context', '/context/geo', '/remark'].flatMap((at): [string, (m: Message, s: string) => Message][] => [
      [`text at ${at}`, (m, s) => changed(m, at, () => (at === '/remark' ? [s] : s))],
      [`list at ${at}`, (m) => changed(m, at, (before) => [before])],
    ]),
    ...personal.flatMap(({ pointer, schema }): [string, (m: Message) => Message][] => [
      [`list at ${pointer}`, (m) => changed(m, pointer, (before) => [before])],
      [`object at ${pointer}`, (m) => changed(m, pointer, (before) => ({ value: before }))],
      [
        `${schema.type === 'number' ? 'text' : 'number'} at ${pointer}`,
        (m) => changed(m, pointer, (before) => (schema.type === 'number' ? String(before) : Number(String(before).replace(/\D/g, '')))),
      ],
      [
        `too long at ${pointer}`,
        (m) => changed(m, pointer, (before) => (typeof before === 'string' ? before.repeat(200) : 1e6 + (before as number))),
      ],
      [`zero byte at ${pointer}`, (m) => changed(m, pointer, (before) => `${String(before)}\u0000`)],
    ]),
  ];
  return found.map(([what, spoil], i) => {
    const message = youngOrder(planter, shop, `wrong ${i}`);
    const whole = { ...message, ...(what.includes('/') ? fillFor(wholeOrder(planter, shop, `wrong ${i}`)) : {}) };
    return [what, spoil(whole, planter.secret(`unknown field ${i}`))];
  });
}
const fillFor = ({ shipments, doNotShip, refunds }: Message): Message => ({ shipments, doNotShip, refunds });

/** Bodies that are no order: what they say comes back as a 4xx and must not say what stood in them. */
export function noOrders(planter: Planter, shop: Shop): [string, string | Buffer][] {
  const message = (seed: string): Message => youngOrder(planter, shop, seed);
  const text = (seed: string): string => JSON.stringify(message(seed));
  return [
    ['a list', `[${text('no 0')}]`],
    ['a text', JSON.stringify(planter.secret('no order 1'))],
    ['a number', '13912345678'],
    ['no identity', JSON.stringify({ ...message('no 2'), channel: undefined })],
    [
      'identity of another form',
      JSON.stringify({ ...message('no 3'), channelOrderId: message('no 3')['receiver'], shop: [message('no 3')['buyer']] }),
    ],
    ['personal number as identity', JSON.stringify({ ...message('no 4'), channelOrderId: { phone: planter.secret('no order 4') } })],
    ['cut', text('no 5').slice(0, -40)],
    ['a stray word', text('no 6').replace('"receiver":', `"receiver":${planter.secret('no order 6')}`)],
    ['a control character', text('no 7').replace('"remark":"', '"remark":"\u0001')],
    ['not UTF-8', Buffer.concat([Buffer.from(text('no 8')), Buffer.from([0xff, 0xfe])])],
    ['too deep', deep(message('no 10'), planter.secret('no order 10'), DEEP)],
    ['too large', JSON.stringify({ ...message('no 9'), remark: planter.secret('no order 9').repeat(200_000) })],
  ];
}
