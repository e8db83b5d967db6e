import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canonicalJson, type Json } from './canonical-json.ts';
import type { OrderData } from './envelope.ts';
import { digestOf } from './state-digest.ts';
import { createSubscriber, type Subscriber, type SubscriberOptions } from './subscriber.ts';

const SECRET = `whsec_${Buffer.from('a sandbox secret of 32 bytes ....').toString('base64')}`;
const OTHER_SECRET = `whsec_${Buffer.from('another secret, after a rotation').toString('base64')}`;

let subscribers: Subscriber[] = [];
let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'weir-subscriber-'));
});
afterEach(async () => {
  await Promise.all(subscribers.map((each) => each.close()));
  subscribers = [];
  await rm(dir, { recursive: true });
});
async function aSubscriber(options: Partial<SubscriberOptions> = {}): Promise<Subscriber> {
  const subscriber = await createSubscriber({ secret: SECRET, ...options });
  subscribers.push(subscriber);
  return subscriber;
}

const anOrder = (version: number, more: Record<string, unknown> = {}): OrderData => ({
  orderKey: 'SB2026022200001X',
  version,
  status: 'paid',
  payable: '20.00',
  paid: '20.00',
  refunded: '0.00',
  addressVersion: 1,
  currency: 'CNY',
  lines: [{ lineId: '1', sku: 'A', title: '茶', quantity: 2, unitPrice: '10.00', discount: '0.00', status: 'paid' }],
  ...more,
});
interface Delivery {
  readonly order?: OrderData;
  readonly type?: string;
  readonly webhookId?: string;
  readonly secrets?: readonly string[];
  readonly at?: Date;
  readonly envelope?: Record<string, unknown>;
  readonly alterBody?: (body: string) => string;
}
/** Delivers as Weir does, signed by the public library. */
async function deliver(subscriber: Subscriber, delivery: Delivery = {}): Promise<Response> {
  const { order = anOrder(1), type = 'weir.order.paid', secrets = [SECRET], at = new Date(), alterBody = (same) => same } = delivery;
  const webhookId = delivery.webhookId ?? `event-${order.orderKey}-${order.version}:endpoint-1`;
  const envelope = {
    specversion: '1.0',
    id: `event-${order.orderKey}-${order.version}`,
    source: 'weir-1',
    type,
    subject: order.orderKey,
    time: '2026-02-22T10:00:00Z',
    datacontenttype: 'application/json',
    sequence: String(order.version).padStart(10, '0'),
    data: { order },
    ...delivery.envelope,
  };
  const body = JSON.stringify(envelope);
  return fetch(subscriber.url, {
    method: 'POST',
    body: alterBody(body),
    headers: {
      'content-type': 'application/cloudevents+json',
      'webhook-id': webhookId,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(webhookId, at, body)).join(' '),
    },
  });
}
const kinds = (subscriber: Subscriber) => subscriber.violations().map((each) => each.kind);

describe('signatures', () => {
  test('a delivery signed by the public Standard Webhooks library is taken', async () => {
    const subscriber = await aSubscriber();
    expect((await deliver(subscriber)).status).toBe(204);
    expect(subscriber.received()).toMatchObject([{ subject: 'SB2026022200001X', version: 1, type: 'weir.order.paid' }]);
    expect(subscriber.violations()).toEqual([]);
  });

  test('while a secret is changed one of several signatures is enough, and one of several trusted secrets', async () => {
    const subscriber = await aSubscriber();
    expect((await deliver(subscriber, { secrets: [OTHER_SECRET, SECRET] })).status).toBe(204);
    subscriber.trust([OTHER_SECRET, SECRET]);
    expect((await deliver(subscriber, { secrets: [OTHER_SECRET], order: anOrder(2) })).status).toBe(204);
    expect(subscriber.violations()).toEqual([]);
  });

  test.each<[string, Delivery]>([
    ['another secret', { secrets: [OTHER_SECRET] }],
    ['a changed body', { alterBody: (body) => body.replace('20.00', '00.02') }],
    ['an old timestamp', { at: new Date(Date.now() - 600_000) }],
    ['a timestamp of the future', { at: new Date(Date.now() + 600_000) }],
  ])('%s is refused, noted and not stored', async (_, delivery) => {
    const subscriber = await aSubscriber();
    expect((await deliver(subscriber, delivery)).status).toBe(401);
    expect(kinds(subscriber)).toEqual(['signature']);
    expect(subscriber.received()).toEqual([]);
  });

  test('a request without signature headers is refused', async () => {
    const subscriber = await aSubscriber();
    expect((await fetch(subscriber.url, { method: 'POST', body: '{}' })).status).toBe(401);
    expect(kinds(subscriber)).toEqual(['signature']);
  });
});

describe('what it holds', () => {
  test('a first arrival is stored once, however often it comes', async () => {
    const subscriber = await aSubscriber({ file: join(dir, 'got.ndjson') });
    await Promise.all([deliver(subscriber), deliver(subscriber), deliver(subscriber)]);
    await deliver(subscriber, { order: anOrder(2, { status: 'shipped' }) });
    expect(subscriber.received().map((each) => each.version)).toEqual([1, 2]);
    expect((await readFile(join(dir, 'got.ndjson'), 'utf8')).trimEnd().split('\n')).toHaveLength(2);
    expect(subscriber.orders().get('SB2026022200001X')).toMatchObject({ version: 2, status: 'shipped' });
    expect(subscriber.tries().get('event-SB2026022200001X-1:endpoint-1')).toBe(3);
    expect(subscriber.violations()).toEqual([]);
  });

  test('it keeps as much in memory as it was told, what changed last longest, and counts on', async () => {
    const subscriber = await aSubscriber({ remember: 3 });
    const order = (n: number, version: number): OrderData => anOrder(version, { orderKey: `SB202602220000${n}` });
    for (const n of [1, 2, 3, 4]) await deliver(subscriber, { order: order(n, 1) });
    await deliver(subscriber, { order: order(2, 2) });
    await deliver(subscriber, { order: order(5, 1) });
    expect([...subscriber.orders().keys()].map((key) => key.at(-1))).toEqual(['4', '2', '5']);
    expect([subscriber.received().length, subscriber.count(), subscriber.tries().size]).toEqual([3, 6, 3]);
  });

  test('an event that brings no order leaves what is held', async () => {
    const subscriber = await aSubscriber();
    await deliver(subscriber);
    await deliver(subscriber, { order: anOrder(2), envelope: { data: { orderKey: 'SB2026022200001X' } } });
    expect(subscriber.orders().get('SB2026022200001X')).toMatchObject({ version: 1 });
  });

  test('a restart knows what the file holds; half a line after a crash does not count and spoils nothing', async () => {
    const file = join(dir, 'got.ndjson');
    const first = await aSubscriber({ file });
    await deliver(first);
    await first.close();
    subscribers = [];
    await appendFile(file, '{"webhookId":"cut of');
    const second = await aSubscriber({ file });
    await deliver(second);
    await deliver(second, { order: anOrder(2) });
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).version)).toEqual([1, 2]);
    expect(second.received().map((each) => each.version)).toEqual([1, 2]);
  });
});

describe('broken promises', () => {
  test('a version that goes back among first arrivals is noted; holes and repeats are not', async () => {
    const subscriber = await aSubscriber();
    for (const version of [1, 4, 4]) await deliver(subscriber, { order: anOrder(version) });
    expect(subscriber.violations()).toEqual([]);
    await deliver(subscriber, { order: anOrder(3) });
    expect(subscriber.violations()).toMatchObject([{ kind: 'went_back', detail: 'SB2026022200001X: version 3 after 4' }]);
    expect(subscriber.orders().get('SB2026022200001X')?.version).toBe(4);
  });

  test('the same version under another webhook-id is doubled, unless it is a snapshot', async () => {
    const subscriber = await aSubscriber();
    await deliver(subscriber);
    await deliver(subscriber, { webhookId: 'replay-1', type: 'weir.order.snapshot' });
    expect(subscriber.violations()).toEqual([]);
    await deliver(subscriber, { webhookId: 'event-2' });
    expect(kinds(subscriber)).toEqual(['went_back']);
  });

  test('one webhook-id with two bodies is noted', async () => {
    const subscriber = await aSubscriber();
    await deliver(subscriber, { webhookId: 'same' });
    await deliver(subscriber, { webhookId: 'same', order: anOrder(2) });
    expect(kinds(subscriber)).toEqual(['id_reused']);
  });

  test('a personal field anywhere in the body is noted with its path, and a canary wherever it hides', async () => {
    const subscriber = await aSubscriber({ canaries: ['王小明'] });
    await deliver(subscriber, { order: anOrder(1, { receiver: { city: '成都市' }, note: ['给王小明'] }) });
    expect(subscriber.violations()).toMatchObject([{ kind: 'personal_field', detail: '/data/order/receiver' }, { kind: 'canary' }]);
    const granted = await aSubscriber({ mayHavePersonalFields: true });
    await deliver(granted, { order: anOrder(1, { receiver: { city: '成都市' } }) });
    expect(granted.violations()).toEqual([]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['specversion', { specversion: '0.3' }],
    ['sequence', { sequence: '7' }],
    ['subject', { subject: 'another' }],
    ['time', { time: 'yesterday' }],
    ['version', { sequence: '0000000009' }],
    ['type', { type: 'order.paid' }],
    ['data', { data: {} }],
  ])('an envelope with a wrong %s is refused and noted', async (_, envelope) => {
    const subscriber = await aSubscriber();
    expect((await deliver(subscriber, { envelope })).status).toBe(400);
    expect(kinds(subscriber)).toEqual(['envelope']);
  });

  test('a body of more than a megabyte is refused', async () => {
    const subscriber = await aSubscriber();
    expect((await deliver(subscriber, { order: anOrder(1, { title: 'x'.repeat(1_100_000) }) })).status).toBe(413);
  });
});

describe('the state digest', () => {
  test('it is made of what is held now: after an old repeat the answer still names the newest version', async () => {
    const subscriber = await aSubscriber();
    await deliver(subscriber);
    await deliver(subscriber, { order: anOrder(2, { status: 'shipped' }) });
    const again = await deliver(subscriber);
    expect(again.headers.get('weir-state-digest')).toBe(`2:${digestOf(anOrder(2, { status: 'shipped' }))}`);
  });

  test('a known order has a known digest, which only the digest fields change', () => {
    // sha256 of {"addressVersion":1,"lines":[["1",2,"paid"]],"orderKey":"SB2026022200001X","paid":"20.00","payable":"20.00","refunded":"0.00","status":"paid","version":1}
    expect(digestOf(anOrder(1))).toBe('f12d5a7e45d8fd358103727a2add6218');
    expect(digestOf(anOrder(1, { currency: 'USD', title: 'x' }))).toBe(digestOf(anOrder(1)));
    expect(digestOf(anOrder(1, { refunded: '0.01' }))).not.toBe(digestOf(anOrder(1)));
    expect(digestOf(anOrder(1, { paid: '0.01' }), ['orderKey', 'status'])).toBe(digestOf(anOrder(1), ['orderKey', 'status']));
  });

  test('canonical JSON equals that of the public RFC 8785 library', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(value as Json)).toBe(canonicalize(value));
      }),
    );
    expect(canonicalJson({ '\u20ac': 1e21, '\r': [1.0, -0, 1e-7], '1': '\u000f', '😂': 'é', '\ufb33': null })).toBe(
      '{"\\r":[1,0,1e-7],"1":"\\u000f","€":1e+21,"😂":"é","\ufb33":null}',
    );
    expect(() => canonicalJson('\ud83d')).toThrow('half of a Unicode character');
    expect(() => canonicalJson(Number.NaN)).toThrow('no canonical form');
  });

  test('on request it is wrong or missing', async () => {
    const subscriber = await aSubscriber({ behaviour: { digest: 'wrong' } });
    expect((await deliver(subscriber)).headers.get('weir-state-digest')).toBe(`1:${'0'.repeat(32)}`);
    subscriber.behave({ digest: 'none' });
    expect((await deliver(subscriber)).headers.get('weir-state-digest')).toBeNull();
  });
});

describe('misbehaviour on request', () => {
  test('the next n deliveries fail with the wanted status and Retry-After, and store nothing', async () => {
    const subscriber = await aSubscriber({ behaviour: { failNext: 2, failStatus: 503, retryAfterSeconds: 9 } });
    const first = await deliver(subscriber);
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '9']);
    expect([(await deliver(subscriber)).status, subscriber.received().length, (await deliver(subscriber)).status]).toEqual([503, 0, 204]);
  });

  test('the first n tries of each webhook-id fail', async () => {
    const subscriber = await aSubscriber({ behaviour: { failEach: 1 } });
    const statuses = [];
    for (const version of [1, 2, 1, 2]) statuses.push((await deliver(subscriber, { order: anOrder(version) })).status);
    expect(statuses).toEqual([500, 500, 204, 204]);
  });

  test('410 says never again; one subject can be refused while others are taken', async () => {
    const subscriber = await aSubscriber({ behaviour: { isGone: true } });
    expect((await deliver(subscriber)).status).toBe(410);
    subscriber.behave({ refuseSubject: (subject) => subject === 'SB2026022200001X', failStatus: 422 });
    expect((await deliver(subscriber)).status).toBe(422);
    expect((await deliver(subscriber, { order: anOrder(1, { orderKey: 'SB-OTHER' }) })).status).toBe(204);
  });

  test('it can never answer, and closing ends the wait', async () => {
    const subscriber = await aSubscriber({ behaviour: { neverAnswer: true } });
    const waiting = deliver(subscriber).then(
      () => 'answered',
      () => 'cut',
    );
    while (subscriber.tries().size === 0) await new Promise((resolve) => setImmediate(resolve));
    await subscriber.close();
    subscribers = [];
    expect(await waiting).toBe('cut');
    expect(subscriber.received()).toEqual([]);
  });

  test('it can store and then cut the connection: the repeat changes nothing', async () => {
    const subscriber = await aSubscriber({ behaviour: { cutAfterStoring: true } });
    await expect(deliver(subscriber)).rejects.toThrow('fetch failed');
    subscriber.behave({});
    expect((await deliver(subscriber)).status).toBe(204);
    expect(subscriber.received()).toHaveLength(1);
    expect(subscriber.violations()).toEqual([]);
  });

  test('it answers only after the wanted delay of its clock', async () => {
    const slept: number[] = [];
    const clock = { now: () => Date.now(), sleep: async (ms: number) => void slept.push(ms) };
    await deliver(await aSubscriber({ behaviour: { delayMs: 4_000 }, clock }));
    expect(slept).toEqual([4_000]);
  });
});
