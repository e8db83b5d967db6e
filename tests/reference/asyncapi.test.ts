/**
 * The AsyncAPI document against the official JSON Schema of AsyncAPI 3.0.0 (`asyncapi-3.0.0.schema.json`: npm package @asyncapi/specs 6.11.1, Apache-2.0, white space removed),
 * its examples and real deliveries of the house against its own schemas; and the receiver kit at the end of a real line.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv } from 'ajv';
import { EVENT_TYPES } from '@weir/contract';
import { memoryStore, receiver, type Receiver } from '@weir/receiver';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse, waitUntil } from '../support/index.ts';

interface Document {
  readonly asyncapi: string;
  readonly components: {
    readonly messages: Readonly<Record<string, { readonly examples: readonly { readonly payload: unknown; readonly headers: unknown }[] }>>;
  };
}
interface Body {
  readonly type: string;
  readonly subject: string;
}
let house: TestHouse;
let document: Document;
let server: Server;
let kit: Receiver;
let endpointId: string;
const store = memoryStore();
const bodies: Body[] = [];
const told: string[] = [];
const refused: string[] = [];
beforeAll(async () => {
  house = await testHouse({ allowPrivateEndpoints: true });
  document = (await house.send('GET', '/asyncapi.json', undefined, { token: null })).body as Document;
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      bodies.push(JSON.parse(body.toString()) as Body);
      void kit.take(request.headers, body).then(({ status, headers }) => response.writeHead(status, headers).end());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { body } = await house.send('POST', '/v1/endpoints', { name: 'kit', url });
  endpointId = body.id as string;
  kit = receiver({
    secret: body.secret as string,
    store,
    onChange: ({ orderKey, version, type }) => void told.push(`${orderKey} ${version} ${type}`),
    onProblem: ({ why }) => void refused.push(why),
  });
});
afterAll(async () => {
  await house.close();
  server.closeAllConnections();
  server.close();
});

const ajv = (more: object = {}) => new Ajv({ strict: false, allErrors: true, validateFormats: false, ...more });
/** It brings the schema of schemas along. */
const official = () =>
  ajv({ meta: false, validateSchema: false }).compile(
    JSON.parse(readFileSync(new URL('asyncapi-3.0.0.schema.json', import.meta.url), 'utf8')) as object,
  );
/** Checks a payload or headers against a message of the document. */
function messageCheck(): (type: string, part: 'payload' | 'headers', value: unknown) => string[] {
  const own = ajv().addSchema(document, 'weir');
  return (type, part, value) => {
    const check = own.getSchema(`weir#/components/messages/${type}/${part}`);
    if (check === undefined) return [`${type} has no ${part}`];
    return check(value) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${type} ${instancePath} ${message}`);
  };
}

test('the document is valid AsyncAPI 3.0, and a wrong one is noticed', () => {
  const check = official();
  expect([check(document), check.errors]).toEqual([true, null]);
  expect(check({ ...document, operations: { deliver: { action: 'shout' } } })).toBe(false);
  expect(document.asyncapi).toBe('3.0.0');
});

test('there is a message for every type and the snapshot, with an example that is right by its own schema', () => {
  const check = messageCheck();
  const { messages } = document.components;
  expect(Object.keys(messages).toSorted()).toEqual([...EVENT_TYPES, 'order.snapshot'].toSorted());
  for (const [type, { examples }] of Object.entries(messages))
    for (const { payload, headers } of examples) {
      expect(check(type, 'payload', payload)).toEqual([]);
      expect(check(type, 'headers', headers)).toEqual([]);
      expect(check(type, 'payload', { ...(payload as object), sequence: '2' })).not.toEqual([]);
      expect(check(type === 'order.paid' ? 'order.held' : 'order.paid', 'payload', payload)).not.toEqual([]);
    }
});

const at = (minutes: number): string => new Date(Date.parse('2026-02-20T12:30:00Z') + minutes * 60_000).toISOString();
const push = async (id: string, minutes: number, more: object = {}): Promise<string> =>
  (await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: id, modifiedAt: at(minutes), ...more }))).body.orderKey;
const unpaid = { status: 'awaiting_payment', paid: '0.00', payments: [], paidAt: undefined };

/** One life that leads through every type that the house emits. */
async function live(): Promise<readonly string[]> {
  const key = await push('a1', 1, unpaid);
  await push('a1', 2);
  await push('a1', 3, { receiver: { ...(neutralOrder()['receiver'] as object), detail: '新的地址 8 号' } });
  await push('a1', 4, {
    lines: [
      { lineId: '1', sku: 'TEA-01', title: '龙井 500g', quantity: 2, unitPrice: '50.00', discount: '10.00' },
      { lineId: '2', sku: 'CUP-07', title: '品茗杯', quantity: 1, unitPrice: '30.00', discount: '0.00' },
    ],
  });
  const hold = await house.send('POST', `/v1/orders/${key}:hold`, { why: '核对' });
  const { body } = await house.send('GET', `/v1/orders/${key}`);
  expect(hold.status).toBe(200);
  await house.send('POST', `/v1/orders/${key}:release`, { holdId: body.holds[0].id });
  for (const [minutes, status] of [
    [6, 'shipped'],
    [7, 'delivered'],
    [8, 'completed'],
  ] as const)
    await push('a1', minutes, { status });
  await push('a1', 9, { status: 'completed', refunded: '10.00', refunds: [{ id: 'r1', amount: '10.00', status: 'done', at: at(9) }] });
  const gone = await push('a2', 1, unpaid);
  await push('a2', 2, { ...unpaid, status: 'cancelled' });
  expect((await house.send('POST', `/v1/orders/${gone}:erase`, { purpose: 'law' })).status).toBe(200);
  const closed = await push('a3', 1);
  await push('a3', 2, { refunded: '114.00', refunds: [{ id: 'r1', amount: '114.00', status: 'done', at: at(2) }] });
  const withheld = await push('a4', 1);
  await push('a4', 2, { payable: '1.00', paid: '1.00', payments: undefined });
  return [key, gone, closed, withheld];
}

test('real deliveries of each type are right by the document; the kit takes them all, and both sides hold the same', async () => {
  const keys = await live();
  const isTold = (type: string): boolean => bodies.some((body) => body.type === `weir.${type}`);
  await waitUntil('all is told', async () => {
    const { items } = (await house.send('GET', '/v1/endpoints')).body as { items: { lag: number }[] };
    return items[0]?.lag === 0 && isTold('order.closed') && isTold('order.held');
  });
  const { body } = await house.send('POST', `/v1/endpoints/${endpointId}:replay`, { keys });
  await waitUntil(
    'snapshots came',
    async () => (await house.send('GET', `/v1/endpoints/${endpointId}/replays/${body.id}`)).body.state === 'done',
  );
  const check = messageCheck();
  expect(bodies.flatMap((each) => check(each.type.replace('weir.', ''), 'payload', each))).toEqual([]);
  const missing = Object.keys(document.components.messages).filter((type) => !isTold(type));
  expect(missing).toEqual(['order.restored']); // told after a restore only: tests/restore
  expect([refused, told.length]).toEqual([[], bodies.length]);
  expect((await house.send('GET', `/v1/endpoints/${endpointId}/mismatches`)).body.items).toEqual([]);
  for (const key of keys.slice(0, 3)) {
    const held = await store.find(key);
    expect(held?.order).toEqual(
      bodies
        .filter((each) => each.subject === key)
        .map((each) => (each as unknown as { data: { order: unknown } }).data.order)
        .at(-1),
    );
    expect(held?.version).toBe((await house.send('GET', `/v1/orders/${key}`)).body.version);
  }
});
