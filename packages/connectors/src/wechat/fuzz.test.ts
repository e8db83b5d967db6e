/** Whatever becomes of a real payload on its way: nothing throws, everything ends as one result with a reason, and no id is invented. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ChannelKind } from '../adapter.ts';
import { mutate, randomFrom } from '../mutate.test-support.ts';
import { anOrder, aPayment, detailBytes, event, notification, parcel, ROWS, shipping } from './detail.test-support.ts';
import { wechatDoor } from './door.ts';
import { parseFlatXml } from './flat-xml.ts';
import { judge } from './judge.test-support.ts';
import { aKnock, APP, fixture, messageQuery, NOW, payHeaders, PAID, without } from './world.test-support.ts';
import { wechatAdapter } from './adapter.ts';
import { createClient } from './client.ts';

const RUNS = Number(process.env['WEIR_FUZZ_RUNS'] ?? 5_000);
const SEED = Number(process.env['WEIR_FUZZ_SEED'] ?? 20_260_222);
/** 200,000 take about two minutes on a slow machine. */
const TIME_LIMIT_MS = 20_000 + RUNS * 5;

const PUBLISHED = globSync('**/*.json', { cwd: join(import.meta.dirname, 'fixtures/platform-docs') }).toSorted();
const published = (path: string): Buffer => fixture(`platform-docs/${path}`);

const split = shipping({ delivery_mode: 2, finish_shipping: false, shipping_list: [parcel('YT1'), parcel('YT2')] });
const REFUNDS = {
  total_refund_count: '1',
  refund_id_0: 'R1',
  refund_status_0: 'SUCCESS',
  refund_fee_0: '4900',
  refund_success_time_0: '2026-02-22 10:15:41',
};
const PAYLOADS: readonly (readonly [ChannelKind, Buffer])[] = [
  ...[1, 2, 3, 4, 5, 6].map((state) => ['detail', detailBytes(anOrder(state))] as const),
  ['detail', detailBytes(anOrder(1, { shipping: split, in_complaint: true }), aPayment({ trade_state: 'REFUND' }))],
  ['detail', detailBytes(null, aPayment({ trade_state: 'NOTPAY' }))],
  [
    'detail',
    Buffer.from(
      detailBytes(anOrder(5), aPayment({ trade_state: 'REFUND' }))
        .toString()
        .replace(/}$/, `,"refunds":[${JSON.stringify(REFUNDS)}]}`),
    ),
  ],
  ...ROWS.map((row) => ['list', Buffer.from(JSON.stringify(row))] as const),
  ['push', notification('transaction_success')],
  ['push', notification('refund_success')],
  ...[0, 1, 2].map((at) => ['push', event(at)] as const),
];
const OUTCOME = /^(accepted|hint|held|refused|probe|nothing)\b/;

test(
  `${RUNS} changed payloads, seed ${SEED}: none throws, each is accepted, a hint, held or refused with a reason`,
  () => {
    const random = randomFrom(SEED);
    const counts = new Map<string, number>();
    for (let run = 0; run < RUNS; run++) {
      const [kind, bytes] = PAYLOADS[random.below(PAYLOADS.length)] ?? ['push', Buffer.alloc(0)];
      const changed = mutate(bytes, random);
      const outcome = outcomeOf(kind, changed, `${kind}, run ${run}, seed ${SEED}`);
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
    for (const kind of ['accepted', 'hint', 'held', 'refused', 'probe']) expect(counts.get(kind), kind).toBeGreaterThan(0);
    expect(counts.get('nothing')).toBeUndefined();
  },
  TIME_LIMIT_MS,
);

function outcomeOf(kind: ChannelKind, bytes: Buffer, where: string): string {
  try {
    const { outcome, messages } = judge(kind, bytes);
    const found = OUTCOME.exec(outcome)?.[0];
    if (found === undefined || ((found === 'held' || found === 'refused') && !/: \S/.test(outcome)))
      throw new Error(`no reason: ${outcome}`);
    const text = bytes.toString();
    for (const { channelOrderId, shop } of messages)
      if (![channelOrderId, shop].every((id) => text.includes(JSON.stringify(id).slice(1, -1))))
        throw new Error(`${channelOrderId} of ${shop} is invented`);
    return found;
  } catch (error) {
    throw new Error(`${where}: ${bytes.toString().slice(0, 2_000)}`, { cause: error });
  }
}

test(
  'whatever knocks is refused, answered or kept: nothing throws, and what is kept can be routed',
  () => {
    const random = randomFrom(SEED + 1);
    const bodies = [...PAYLOADS.map(([, bytes]) => bytes), ...PUBLISHED.map(published)];
    const plainMode = without('encodingAesKey');
    const counts = new Set<string>();
    for (let run = 0; run < RUNS / 5; run++) {
      const body = mutate(bodies[random.below(bodies.length)] ?? Buffer.alloc(0), random);
      const knock = {
        ...aKnock(''),
        body,
        query: messageQuery(NOW),
        ...(random.below(3) === 0 ? { headers: payHeaders(body.toString(), NOW) } : {}),
      };
      for (const app of [APP, plainMode]) {
        const opened = wechatDoor.open(knock, app, NOW);
        counts.add(opened.kind === 'message' ? wechatAdapter.routePush(opened.bytes).kind : opened.kind);
      }
      parseFlatXml(body.toString().replaceAll('{', '<a>').replaceAll('}', '</a>'));
    }
    expect(counts).toEqual(new Set(['refused', 'orders', 'probe']));
  },
  TIME_LIMIT_MS,
);

test('every published example of the platform passes without a crash, as an answer, a row, a detail and a push', async () => {
  expect(PUBLISHED.length).toBeGreaterThan(90);
  for (const path of PUBLISHED) {
    const bytes = published(path);
    for (const kind of ['push', 'list', 'detail'] as const) expect(judge(kind, bytes).outcome, path).toMatch(OUTCOME);
    const send = async () => ({ status: 200, headers: { get: () => null }, arrayBuffer: async () => new Uint8Array(bytes).buffer });
    const client = createClient({ app: APP, send, now: () => NOW });
    const ask = (call: Parameters<typeof client.call>[0]) => client.call(call, 'T');
    expect(await wechatAdapter.listChanged(ask, 'orders', PAID.shop, { from: 0, to: 1 }, { page: 0, size: 100 })).toHaveProperty('ok');
    expect(await wechatAdapter.fetchDetail(ask, PAID, NOW)).toMatchObject({ ok: false });
    expect(await wechatAdapter.writeBack?.tellShipped(ask, PAID, [], NOW)).toHaveProperty('done');
  }
});

test('the published list and detail of shipping are read as what they say', () => {
  const list = JSON.parse(published('WxaSec/Order/WxaSecOrderGetOrderListResponse.json').toString()) as {
    readonly order_list: readonly object[];
  };
  expect(list.order_list.map((row) => judge('list', Buffer.from(JSON.stringify(row))).outcome)).toEqual([
    'accepted: 1 of fake-tradeno-20221209132531-0',
    'accepted: 1 of fake-tradeno-20221209132531-1',
  ]);
  const { order } = JSON.parse(published('WxaSec/Order/WxaSecOrderGetOrderResponse.json').toString()) as { readonly order: object };
  const { messages } = judge('list', Buffer.from(JSON.stringify(order)));
  expect(messages).toMatchObject([{ status: 'shipped', shipments: [{ carrier: 'JTSD', trackingNumber: 'JT1234567890', lines: [] }] }]);
});
