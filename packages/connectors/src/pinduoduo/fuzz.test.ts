/** Whatever becomes of a real payload on its way: nothing throws, everything ends as one result with a reason, and no id is invented. */
import { expect, test } from 'vitest';
import type { ChannelKind } from '../adapter.ts';
import { itemsAt, textAt } from '../json-slices.ts';
import { mutate, type Random, randomFrom } from '../mutate.test-support.ts';
import { pinduoduoAdapter } from './adapter.ts';
import { app, fixture, judge, platform, SHOP, subjectOf } from './judge.test-support.ts';
import { pinduoduoSocket } from './socket.ts';

const RUNS = Number(process.env['WEIR_FUZZ_RUNS'] ?? 5_000);
const SEED = Number(process.env['WEIR_FUZZ_SEED'] ?? 20_260_222);
const TIME_LIMIT_MS = 20_000 + RUNS * 5;
const NOW = 1771722082000;

const slices = (path: string, root: string, list: string): string[] => itemsAt(fixture(`samples/${path}`).toString(), [root, list]);
const orders = slices('order_number_list_increment_get.response.json', 'order_sn_increment_get_response', 'order_sn_list');
const cases = slices('refund_list_increment_get.response.json', 'refund_increment_get_response', 'refund_list');
const deposit =
  textAt(fixture('samples/order_information_get.deposit_order.response.json').toString(), ['order_info_get_response', 'order_info']) ?? '';
const frames = itemsAt(fixture('samples/pmc_frames.json').toString(), []).map((each) => textAt(each, ['frame']) ?? '');
const details = [deposit, ...orders].map((order, i) => `{"afterSales":[${i % 2 === 0 ? cases.join(',') : ''}],"order":${order}}`);
const PAYLOADS: readonly { readonly kind: ChannelKind; readonly bytes: Buffer }[] = [
  ...[...orders, ...cases].map((text) => ({ kind: 'list' as const, bytes: Buffer.from(text) })),
  ...details.map((text) => ({ kind: 'detail' as const, bytes: Buffer.from(text) })),
  ...frames.map((text) => ({ kind: 'push' as const, bytes: Buffer.from(text) })),
];
const OUTCOME = /^(accepted|hint|held)\b/;
const ID = /\d{6}-\d{15}/;

test(
  `${RUNS} changed payloads, seed ${SEED}: none throws, each is accepted, a hint, held or refused with a reason`,
  () => {
    const random = randomFrom(SEED);
    const counts = new Map<string, number>();
    for (let run = 0; run < RUNS; run++) {
      const { kind, bytes } = PAYLOADS[random.below(PAYLOADS.length)] ?? { kind: 'push' as const, bytes: Buffer.alloc(0) };
      const outcome = outcomeOf(kind, mutate(bytes, random), run);
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
    for (const kind of ['accepted', 'hint', 'held', 'refused']) expect(counts.get(kind), kind).toBeGreaterThan(0);
  },
  TIME_LIMIT_MS,
);

function outcomeOf(kind: ChannelKind, bytes: Buffer, run: number): string {
  const text = bytes.toString();
  try {
    if (kind === 'push') {
      talk(bytes);
      const routed = pinduoduoAdapter.routePush(bytes);
      if (routed.kind === 'probe') return 'hint';
      if (routed.hasUnroutable) {
        if (pinduoduoAdapter.whyUnrouted(bytes).length === 0) throw new Error('no reason');
        return 'refused';
      }
      for (const { id, shop } of routed.subjects)
        if (!text.includes(id) || !text.includes(shop)) throw new Error(`${id} of ${shop} is invented`);
    }
    const [id = '260222-100000000000101'] = ID.exec(text) ?? [];
    const { outcome, messages } = judge(kind, bytes, subjectOf(id));
    for (const message of messages) if (!text.includes(message.channelOrderId)) throw new Error(`${message.channelOrderId} is invented`);
    const [named] = OUTCOME.exec(outcome) ?? [];
    if (named === undefined || (named === 'held' && !outcome.includes(': '))) throw new Error(`no reason: ${outcome}`);
    return named;
  } catch (error) {
    throw new Error(`${kind}, run ${run}, seed ${SEED}: ${text.slice(0, 2_000)}`, { cause: error });
  }
}

/** What is heard can be confirmed or passed over, and an Ack is JSON that carries the number as it came. */
function talk(bytes: Buffer): void {
  const conversation = pinduoduoSocket.open(app);
  const { messages } = conversation.hear(bytes, NOW);
  for (const ack of conversation.confirm(messages, NOW))
    if (!String(ack).includes(`"id":${messages[0]?.id},`) || typeof JSON.parse(String(ack)) !== 'object')
      throw new Error(`no Ack: ${String(ack)}`);
}

test(
  'whole answers of every call, changed: the calls end as a success or a failure, and what is written is never thrown',
  async () => {
    const random = randomFrom(SEED + 1);
    const whole = [
      'order_number_list_increment_get',
      'order_information_get.deposit_order',
      'refund_list_increment_get',
      'logistics_online_send',
    ];
    const bodies = [
      ...whole.map((name) => fixture(`samples/${name}.response.json`)),
      Buffer.from('{"error_response":{"error_code":50001,"sub_code":"1"}}'),
    ];
    for (let run = 0; run < Math.min(RUNS / 10, 2_000); run++) expect(await drive(random, bodies)).toBe(true);
  },
  TIME_LIMIT_MS,
);

async function drive(random: Random, bodies: readonly Buffer[]): Promise<boolean> {
  const { ask } = platform(new Proxy({}, { get: () => mutate(bodies[random.below(bodies.length)] ?? Buffer.alloc(0), random) }));
  const subject = subjectOf('260222-100000000000808');
  const page = { page: 0, size: 100 };
  const window = { from: 1771722000, to: 1771723800 };
  const detail = await pinduoduoAdapter.fetchDetail(ask, subject, 0);
  if (detail.ok) pinduoduoAdapter.read('detail', detail.value, subject);
  for (const feed of ['orders', 'after_sales'] as const) {
    const listed = await pinduoduoAdapter.listChanged(ask, feed, SHOP, window, page);
    if (listed.ok) for (const row of listed.value.rows) if (row.subject) pinduoduoAdapter.read('list', row.bytes, row.subject);
  }
  await pinduoduoAdapter.writeBack?.tellShipped(
    ask,
    subject,
    [{ id: '1', carrier: '44', trackingNumber: 'SF1', former: ['SF0'], lines: [], requestId: '1' }],
    NOW,
  );
  await pinduoduoAdapter.writeBack?.writeOrderKey?.(ask, subject, 'PD1');
  await pinduoduoAdapter.openReceiver?.(ask, subject, 'tel=$a$b=$2$$');
  return true;
}
