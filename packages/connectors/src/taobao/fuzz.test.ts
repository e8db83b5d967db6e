/** Whatever becomes of a real payload on its way: nothing throws, everything ends as one result with a reason, and no id is invented. */
import { expect, test } from 'vitest';
import type { ChannelKind, Heard } from '../adapter.ts';
import { field, filled } from '../fields.ts';
import { itemsAt } from '../json-slices.ts';
import { parseBytes } from '../lossless-json.ts';
import { mutate, randomFrom } from '../mutate.test-support.ts';
import { taobaoAdapter } from './adapter.ts';
import { detailOf, fixture, judge, json, platform, samplePaths, SHOP } from './judge.test-support.ts';
import { toSubject } from './ids.ts';
import { readRefund } from './refunds.ts';

const RUNS = Number(process.env['WEIR_FUZZ_RUNS'] ?? 5_000);
const SEED = Number(process.env['WEIR_FUZZ_SEED'] ?? 20_260_222);
const TIME_LIMIT_MS = 20_000 + RUNS * 5;

const itemsOf = (path: string, root: string, outer: string, inner: string): string[] =>
  itemsAt(fixture(`samples/${path}`).toString(), [root, outer, inner]);
const REFUNDS = itemsOf('refunds_receive_get.response.json', 'refunds_receive_get_response', 'refunds', 'refund');
const MESSAGES = itemsOf('tmc_messages_consume.response.json', 'tmc_messages_consume_response', 'messages', 'tmc_message');
const ROWS = itemsOf('trades_sold_increment_get.response.json', 'trades_sold_increment_get_response', 'trades', 'trade');
const DETAILS = samplePaths()
  .filter((path) => path.startsWith('trade_fullinfo_get'))
  .map((path) => {
    const trade = field(field(json(`samples/${path}`), 'trade_fullinfo_get_response'), 'trade') ?? null;
    const refunds = REFUNDS.map((text) => parseBytes(Buffer.from(text))).filter((refund) => field(refund, 'tid') === field(trade, 'tid'));
    return detailOf(trade, refunds).toString();
  });
const PAYLOADS: readonly (readonly [ChannelKind, string])[] = [
  ...MESSAGES.map((text) => ['push', text] as const),
  ...[...ROWS, ...REFUNDS].map((text) => ['list', text] as const),
  ...DETAILS.map((text) => ['detail', text] as const),
];
const OUTCOME = /^(accepted|hint|held|nothing)\b/;

test(
  `${RUNS} changed payloads, seed ${SEED}: none throws, each is accepted, a hint or held with a reason`,
  () => {
    const random = randomFrom(SEED);
    const counts = new Map<string, number>();
    for (let run = 0; run < RUNS; run++) {
      const [kind, text] = PAYLOADS[random.below(PAYLOADS.length)] ?? ['push', ''];
      const outcome = outcomeOf(kind, mutate(Buffer.from(text), random), `run ${run}, seed ${SEED}`);
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
    for (const kind of ['accepted', 'hint', 'held', 'unrouted']) expect(counts.get(kind), kind).toBeGreaterThan(0);
  },
  TIME_LIMIT_MS,
);

function outcomeOf(kind: ChannelKind, bytes: Buffer, where: string): string {
  try {
    const heard = hearAs(kind, bytes);
    if (heard === null) return 'unrouted';
    for (const message of heard.messages)
      if (!bytes.toString().includes(message.channelOrderId)) throw new Error(`${message.channelOrderId} is invented`);
    const outcome = judge(heard);
    const word = OUTCOME.exec(outcome)?.[0];
    if (word === undefined || word === 'nothing' || (word === 'held' && !outcome.includes(': '))) throw new Error(`no reason: ${outcome}`);
    return word;
  } catch (error) {
    throw new Error(`${where}: ${bytes.toString().slice(0, 2_000)}`, { cause: error });
  }
}

/** As the server does: a push is routed by its own bytes, a row by the list that held it, a detail by who was asked for. */
function hearAs(kind: ChannelKind, bytes: Buffer): Heard | null {
  if (kind === 'push') {
    const routed = taobaoAdapter.routePush(bytes);
    if (routed.kind === 'probe') throw new Error('there is no probe');
    const [subject] = routed.subjects;
    if (subject === undefined && taobaoAdapter.whyUnrouted(bytes).length === 0) throw new Error('unrouted without a reason');
    return subject === undefined ? null : taobaoAdapter.read('push', bytes, subject);
  }
  return taobaoAdapter.read(kind, bytes, toSubject(SHOP, filled(field(parseBytes(bytes), 'tid')) ?? '1'));
}

test('lists and token answers that were changed on the way: none throws, each is a list or a failure', async () => {
  const random = randomFrom(SEED);
  const lists = ['refunds_receive_get', 'trades_sold_increment_get', 'tmc_messages_consume'].map((name) => ({
    method: `taobao.${name.replaceAll('_', '.')}`,
    bytes: fixture(`samples/${name}.response.json`),
  }));
  const seen = new Set<boolean>();
  for (let run = 0; run < RUNS / 5; run++) {
    const { method, bytes } = lists[random.below(lists.length)] ?? { method: '', bytes: Buffer.alloc(0) };
    const { ask } = platform({ [method]: mutate(bytes, random).toString() });
    const feed = method.includes('refunds') ? ('after_sales' as const) : ('orders' as const);
    const answer = method.includes('tmc')
      ? await taobaoAdapter.queue?.take(ask, { key: 'k', secret: 's' })
      : await taobaoAdapter.listChanged(ask, feed, SHOP, { from: 1, to: 2 }, { page: 0, size: 50 });
    if (answer !== undefined) seen.add(answer.ok);
    taobaoAdapter.token.read({ token_result: mutate(Buffer.from('{"access_token":"a"}'), random).toString() }, 1, SHOP);
  }
  expect(seen).toEqual(new Set([true, false]));
});

test('a refund that cannot be read still says whose it is, where that much stands there', () => {
  expect(readRefund({ refund_id: '1', tid: '2', oid: '3' })).toMatchObject({ ok: false, tid: '2' });
  expect(readRefund({})).toMatchObject({ ok: false, tid: null });
});
