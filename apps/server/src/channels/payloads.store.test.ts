/** Every published example of the platform's own documentation, through the door of a real house: it ends as is written down beside it. */
import { readFileSync } from 'node:fs';
import type { Answer } from '@weir/connectors/adapter';
import { doudianAdapter } from '@weir/connectors/doudian';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DouyinHouse, douyinHouse, SHOP, signed } from '../../../../tests/support/douyin.ts';
import { waitUntil } from '../../../../tests/support/index.ts';
import { taker } from './pull.ts';
import { createRemembered } from './walk.ts';

const FIXTURES = new URL('../../../../packages/connectors/src/doudian/fixtures/platform-docs/', import.meta.url);
const EXPECTED = JSON.parse(readFileSync(new URL('_expected.json', FIXTURES), 'utf8')) as Readonly<Record<string, string>>;

let house: DouyinHouse;
beforeAll(async () => {
  house = await douyinHouse({ connect: false });
  await house.douyin.close(); // what is hinted at stays asked for
  const shops = Object.keys(EXPECTED).flatMap((path) => {
    const routed = doudianAdapter.routePush(readFileSync(new URL(path, FIXTURES)));
    return routed.kind === 'orders' ? routed.subjects.map(({ shop }) => shop) : [];
  });
  const answers = Object.keys(EXPECTED).map((path) => shopIn(readFileSync(new URL(path, FIXTURES))));
  for (const shop of new Set([...shops, ...answers, SHOP]))
    await house.send('POST', '/v1/shops', { channel: 'douyin', shop, name: shop, app: house.appId });
});
afterAll(() => house.close().catch(() => {})); // the platform is closed already

const head = async (): Promise<number> =>
  (await house.house.db.query<{ position: number }>('select position from inbox_head')).rows[0]?.position ?? 0;

interface Problem {
  readonly code: string;
  readonly pointer: string;
}
const codes = (problems: readonly Problem[]): string =>
  [...new Set(problems.map(({ code, pointer }) => `${code} ${pointer}`.trim()))].join(', ');

/** What became of the message at `position`, in the words of the expectations. */
async function became(position: number): Promise<string> {
  let body: { readonly result: string; readonly orderKey?: string; readonly problems: readonly Problem[] } | null = null;
  await waitUntil('it is worked', async () => {
    const answer = await house.send('GET', `/v1/outcomes/${position}`);
    if (answer.status < 300) body = answer.body;
    return answer.status < 300;
  });
  const { result, orderKey, problems } = body as unknown as NonNullable<typeof body>;
  if (result === 'needs_review') return `${orderKey === undefined ? 'refused' : 'held'}: ${codes(problems)}`;
  if (result === 'created' || result === 'changed') return 'accepted';
  const { rows } = await house.house.db.query('select 1 from fetches where asked_at = $1', [position]);
  return rows.length > 0 ? 'hint' : result;
}

async function push(bytes: Buffer): Promise<void> {
  const text = bytes.toString('utf8');
  const answer = await house.send('POST', `/v1/intake/douyin/${house.appId}`, bytes, { token: null, headers: signed(text) });
  expect(answer).toMatchObject({ status: 200, body: { code: 0 } });
}

const BOM = /^\ufeff/;
const shopIn = (bytes: Buffer): string => /"shop_id":\s*"?(\d+)/.exec(bytes.toString('utf8'))?.[1] ?? SHOP;
const dataOf = (bytes: Buffer): Answer => {
  const { data } = JSON.parse(bytes.toString('utf8').replace(BOM, '')) as { readonly data: object };
  return { ok: true, data: data as never, bytes, logId: '' };
};

/** As if a call had brought it. */
async function listed(bytes: Buffer): Promise<void> {
  const shop = shopIn(bytes);
  const feed = bytes.includes('"items"') ? 'after_sales' : 'orders';
  const read = await doudianAdapter.listChanged(async () => dataOf(bytes), feed, shop, { from: 0, to: 1 }, { page: 0, size: 100 });
  const line = await house.house.channels.clientOf('douyin', shop);
  if (!read.ok || line === null) throw new Error('no list, or no shop');
  await taker(house.house.channels.desk, line, createRemembered())(read.value.rows);
}

const NO_CASES = Buffer.from('{"code":10000,"data":{"items":[],"total":0}}');
async function detailed(bytes: Buffer): Promise<void> {
  const id = /"order_id":\s*"?(\d+)/.exec(bytes.toString('utf8'))?.[1] ?? '';
  const subject = { kind: 'order', channel: 'douyin', shop: shopIn(bytes), id } as const;
  const ask = async ({ method }: { readonly method: string }) => dataOf(method === 'afterSale.List' ? NO_CASES : bytes);
  const read = await doudianAdapter.fetchDetail(ask, subject);
  if (!read.ok) throw new Error(read.failure.message);
  await house.house.channels.desk.append({ kind: 'detail', subject, bytes: Buffer.from(read.value) });
}

const isList = (path: string): boolean =>
  /"(shop_order_list|items)"/.test(readFileSync(new URL(path, FIXTURES), 'utf8')) && !EXPECTED[path]?.includes('wrong_type');
/** Told by the file's own place in its answer; alone, a row stands at the root. */
const asPushed = Object.entries(EXPECTED).filter(
  ([path, outcome]) => !isList(path) && !outcome.includes('/data/shop_order_detail') && !outcome.includes('/data/order_info'),
);
const asListed = Object.entries(EXPECTED).filter(([path]) => isList(path));

const asDetail = Object.entries(EXPECTED).filter(([, outcome]) => outcome.includes('/data/shop_order_detail'));

test('all examples but one, the detail of an after-sale that we never ask for, can come to us', () => {
  expect([asPushed.length, asListed.length, asDetail.length]).toEqual([152, 2, 1]);
});

test.each(asPushed)('%s, pushed → %s', async (path, expected) => {
  const before = await head();
  await push(readFileSync(new URL(path, FIXTURES)));
  const after = await head();
  expect(after).toBeGreaterThan(before);
  const outcome = await became(after);
  expect(outcome).toBe(outcome === 'accepted' || outcome === 'hint' ? outcome : expected);
  expect(expected.startsWith(outcome)).toBe(true);
});

test.each([...asListed.map((each) => [...each, listed] as const), ...asDetail.map((each) => [...each, detailed] as const)])(
  '%s, fetched → %s',
  async (path, expected, come) => {
    const before = await head();
    await come(readFileSync(new URL(path, FIXTURES)));
    const position = await head();
    expect(position).toBeGreaterThan(before);
    const kind = expected.slice(0, expected.indexOf(':'));
    const code = /[a-z]+\.[a-z_]+/.exec(expected)?.[0];
    expect(await became(position)).toMatch(kind === 'held' ? new RegExp(`^held: ${code}`) : /^refused: field\.missing/);
  },
);
