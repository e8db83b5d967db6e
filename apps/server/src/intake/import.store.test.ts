import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN, neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { manualClock, systemClock } from '#platform';
import { createRoom } from './flight.ts';
import { BYTES_IN_FLIGHT, ImportCut, importOrders, type ReportLine } from './import.ts';
import { linesOf } from './lines.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

async function send(
  body: string,
  token = ADMIN,
): Promise<{ lines: Record<string, unknown>[]; end: { import: string; counts: Record<string, number> } }> {
  const response = await house.house.app.inject({
    method: 'POST',
    url: '/v1/orders:import',
    payload: body,
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${token}` },
  });
  const lines = response.body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { end: lines.pop() as never, lines };
}
const numbered = (count: number, more: Record<string, unknown> = {}): string =>
  Array.from({ length: count }, (_, i) => JSON.stringify(neutralOrder({ shop: 'import', channelOrderId: `i${i}`, ...more }))).join('\n');

test('each line is answered by its number, and a second run doubles nothing', async () => {
  const body = numbered(2_500);
  const first = await send(body);
  expect(first.end.counts).toEqual({ created: 2_500 });
  expect(new Set(first.lines.map((line) => line['line'])).size).toBe(2_500);
  expect((await send(body)).end.counts).toEqual({ unchanged: 2_500 });
  const { rows } = await house.house.db.query(`select count(*) as n, count(distinct order_key) as k from orders where shop = 'import'`);
  expect(rows).toEqual([{ n: 2_500, k: 2_500 }]);
});

test('what is no order is refused with its line, everything else goes on, and the report outlives the request', async () => {
  const good = JSON.stringify(neutralOrder({ shop: 'import', channelOrderId: 'x1' }));
  const held = JSON.stringify(neutralOrder({ shop: 'import', channelOrderId: 'x2', payable: '1.00', paid: '1.00', payments: undefined }));
  const { end, lines } = await send(`${good}\r\n\nnot json\n{"channel":"own"}\n${held}`);
  expect(end.counts).toEqual({ created: 1, refused: 2, needs_review: 1 });
  expect(
    lines
      .filter((line) => line['result'] === 'refused')
      .map((line) => [line['line'], line['code']])
      .sort(),
  ).toEqual([
    [3, 'request.not_json'],
    [4, 'order.not_an_order'],
  ]);
  expect((await house.send('GET', `/v1/imports/${end.import}`)).body).toMatchObject({ complete: true, counts: end.counts });
  const report = await house.house.app.inject({
    method: 'GET',
    url: `/v1/imports/${end.import}/report`,
    headers: { authorization: `Bearer ${ADMIN}` },
  });
  expect(report.body.trim().split('\n')).toHaveLength(4);
});

const lineOf = (i: number): Buffer => Buffer.from(`${JSON.stringify(neutralOrder({ shop: 'import', channelOrderId: `c${i}` }))}\n`);
const CALLER = { id: 'tok_import', name: 'import', role: 'admin', shops: null } as unknown as Parameters<typeof importOrders>[2];
/** Stores the first `taken` lines and refuses the rest for `code`. */
const importWith = (id: string, taken: number, code: 'server.stopping' | 'intake.full') => {
  const told: ReportLine[] = [];
  let submitted = 0;
  const run = importOrders(
    {
      db: house.house.db,
      clock: systemClock,
      submit: async () =>
        ++submitted <= taken ? { kind: 'outcome', outcome: { position: submitted, result: 'created' } } : { kind: 'refused', code },
      waitForOutcome: async () => null,
      mayTouch: async () => true,
      room: createRoom(BYTES_IN_FLIGHT),
    },
    id,
    CALLER,
    streamOf(Array.from({ length: 2_500 }, (_, i) => lineOf(i))),
    (line) => void told.push(line),
  );
  return { run, told };
};

test('a line that was not stored has no result: a house that stops ends the import, and its report names only what is done', async () => {
  const { run, told } = importWith('imp_cut', 1_200, 'server.stopping');
  await expect(run).rejects.toThrow(ImportCut);
  expect([told.length, new Set(told.map((line) => line.result))]).toEqual([1_200, new Set(['created'])]);
  const { rows } = await house.house.db.query(
    `select complete, finished_at is not null as finished, counts::jsonb as counts,
       (select count(*) from import_parts where import_id = i.id) as parts from imports i where id = 'imp_cut'`,
  );
  expect(rows).toEqual([{ complete: false, finished: true, counts: { created: 1_200 }, parts: 2 }]);
});

test('a report whose part could not be saved at once has no hole', async () => {
  let fails = 3;
  const flaky: typeof house.house.db = {
    ...house.house.db,
    query: (text: string, values?: unknown[]) =>
      text.includes('import_parts') && fails-- > 0 ? Promise.reject(new Error('away')) : house.house.db.query(text, values),
  };
  const body = Array.from({ length: 2_100 }, (_, i) => lineOf(i));
  await importOrders(
    {
      db: flaky,
      clock: systemClock,
      submit: async () => ({ kind: 'outcome', outcome: { position: 1, result: 'unchanged' } }),
      waitForOutcome: async () => null,
      mayTouch: async () => true,
      room: createRoom(BYTES_IN_FLIGHT),
    },
    'imp_flaky',
    CALLER,
    streamOf(body),
    () => {},
  );
  const { rows } = await house.house.db.query(
    `select part, length(body) > 0 as is_there from import_parts where import_id = 'imp_flaky' order by part`,
  );
  expect(rows).toEqual([1, 2, 3].map((part) => ({ part, is_there: true })));
});

test('an import that is under way writes nothing more once its token is revoked', async () => {
  const clock = manualClock(Date.UTC(2026, 1, 21, 4));
  const own = await testHouse({ clock });
  try {
    const { token, id } = (await own.send('POST', '/v1/tokens', { name: 'erp', role: 'admin' })).body;
    const line = (n: number): string => `${JSON.stringify(neutralOrder({ channelOrderId: `r${n}` }))}\n`;
    const body = async function* (): AsyncGenerator<string> {
      yield line(1);
      await waitUntil('the first line is in', async () => (await own.send('GET', '/v1/orders')).body.items.length === 1);
      await own.send('POST', `/v1/tokens/${id}:revoke`);
      clock.advance(5_000);
      yield line(2) + line(3);
    };
    const response = await own.house.app.inject({
      method: 'POST',
      url: '/v1/orders:import',
      payload: Readable.from(body()),
      headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${token}` },
    });
    expect(JSON.parse(response.body.trim().split('\n').at(-1) ?? '').counts).toEqual({ created: 1, refused: 2 });
    expect((await own.send('GET', '/v1/orders')).body.items.length).toBe(1);
  } finally {
    await own.close();
  }
});

test('lines are cut the same wherever the chunks end, and an endless line costs no memory', async () => {
  const text = Buffer.from('a\nbb\r\n\nccc');
  for (let cut = 0; cut <= text.length; cut++) {
    const found: (string | undefined)[] = [];
    for await (const line of linesOf(streamOf([text.subarray(0, cut), text.subarray(cut)]), 100)) found.push(line.bytes?.toString());
    expect(found).toEqual(['a', 'bb', '', 'ccc']);
  }
  const big: (number | null)[] = [];
  for await (const line of linesOf(streamOf([...Array<Buffer>(50).fill(Buffer.alloc(1_000, 0x61)), Buffer.from('\nok\n')]), 5_000))
    big.push(line.bytes?.length ?? null);
  expect(big).toEqual([null, 2]);
});
async function* streamOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield chunk;
}
