/** What Example Market's page promises, by samples; that the whole channel keeps the house's promises is said by its conformance test in the sandbox. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isBlocked, readNeutral } from '../../../../apps/server/src/intake/index.ts';
import { expect, test } from 'vitest';
import type { ChannelKind, Heard } from '../adapter.ts';
import { mutate, randomFrom } from '../mutate.test-support.ts';
import { sign } from './client.ts';
import { exampleAdapter as adapter, CHANNEL } from './index.ts';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'fixtures', name));
const SUBJECT = { kind: 'order', channel: CHANNEL, shop: '6001', id: '9007199254740993001' } as const;
const read = (kind: ChannelKind, bytes: Uint8Array): Heard => adapter.read(kind, bytes, SUBJECT);
const changed = (change: Readonly<Record<string, unknown>>): Buffer =>
  Buffer.from(JSON.stringify({ ...(JSON.parse(fixture('order.json').toString()) as object), ...change }));
const validate = (message: unknown) =>
  readNeutral(message, { receivedAt: Date.parse('2026-02-22T12:00:00+08:00'), rank: 3, fingerprint: (text) => text });

test('a signature is the one that openssl makes of the same four lines', () => {
  const signed = { timestamp: '1771722060', method: 'order.get', token: 't-1', body: '{"order":"1"}' };
  expect(sign({ secret: 's-1' }, signed)).toBe('0a2b45e9ab847723211c6b65dcb369d2b788f4f3e35a0e752f4eb859cadc7ca7');
});

test('an order with everything in it becomes exactly ours, and the house takes it', () => {
  const heard = read('detail', fixture('order.json'));
  expect(heard).toEqual({ messages: [JSON.parse(fixture('order.expected.json').toString())], wants: [], problems: [] });
  expect(validate(heard.messages[0]).problems.map(({ code, severity }) => [code, severity])).toEqual([['discount.no_payer', 'warning']]);
});

test.each([
  ['a status that no table holds', 'status', 'lost', 'channel.unmapped_code'],
  ['an order of another shop', 'shop', '6002', 'field.not_allowed'],
  ['an amount that is no whole number of fen', 'payable', 157.5, 'field.wrong_type'],
  ['milliseconds in place of seconds', 'changed', 1_771_729_200_000, 'time.not_zoned'],
  ['coupons of more than the discount', 'discount', 10, 'field.not_allowed'],
  ['no lines', 'goods', null, 'field.missing'],
])('%s: no order, and where it stands', (_, name, value, code) => {
  const { messages, problems } = read('detail', changed({ [name]: value }));
  expect(messages).toEqual([]);
  expect(problems).toContainEqual(expect.objectContaining({ code, pointer: `/${name}` }));
});

test('a hint wants the detail of its own order and proves nothing', () => {
  expect(adapter.routePush(fixture('push.json'))).toEqual({ kind: 'orders', subjects: [SUBJECT], hasUnroutable: false });
  expect(read('push', fixture('push.json'))).toEqual({ messages: [], wants: ['detail'], problems: [] });
  expect(adapter.read('push', fixture('push.json'), { ...SUBJECT, id: '9007199254740993002' }).wants).toEqual([]);
  expect(adapter.routePush(Buffer.from('{"shop":"6001","hints":[]}'))).toEqual({ kind: 'probe' });
});

test('a push is believed for ten minutes', () => {
  const [body, app, at] = [fixture('push.json'), { key: 'k-1', secret: 's-1' }, 1_771_722_060];
  const timestamp = String(at);
  const headers = { 'x-app-key': app.key, 'x-timestamp': timestamp, 'x-sign': sign(app, { timestamp, method: 'push', token: '', body }) };
  const open = (seconds: number) => adapter.door?.open({ method: 'POST', headers, query: {}, body }, app, (at + seconds) * 1_000).kind;
  expect([open(0), open(600), open(-600), open(601), open(-601)]).toEqual(['message', 'message', 'message', 'refused', 'refused']);
});

const RUNS = Number(process.env['WEIR_FUZZ_RUNS'] ?? 2_000);
const SEED = Number(process.env['WEIR_FUZZ_SEED'] ?? 20_260_222);
test(
  `${RUNS} changed payloads, seed ${SEED}: none throws, and what is no order of ours says why`,
  () => {
    const random = randomFrom(SEED);
    const counts = { taken: 0, held: 0, hint: 0, refused: 0 };
    for (let run = 0; run < RUNS; run++) {
      const heard = read('detail', mutate(fixture('order.json'), random));
      const isTaken = heard.messages.length > 0 && !isBlocked(validate(heard.messages[0]).problems);
      expect(heard.messages.length === 0 ? heard.problems.length : heard.messages.length, `run ${run}`).toBeGreaterThan(0);
      counts[isTaken ? 'taken' : 'held'] += 1;
      const push = mutate(fixture('push.json'), random);
      const routed = adapter.routePush(push);
      const isLost = routed.kind === 'orders' && routed.hasUnroutable;
      expect(adapter.whyUnrouted(push).length > 0, `run ${run}`).toBe(isLost);
      counts[isLost ? 'refused' : 'hint'] += 1;
    }
    for (const [kind, count] of Object.entries(counts)) expect(count, kind).toBeGreaterThan(0);
  },
  20_000 + RUNS * 5,
);
