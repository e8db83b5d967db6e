/** Drives a whole house with orders full of canaries, as everybody, over every route, and collects all that it says and keeps. */
import { NeutralOrder } from '@weir/contract';
import { REVEAL_FIELDS, Sealed } from '../../apps/server/src/access/index.ts';
import { createLog } from '../../apps/server/src/platform/index.ts';
import { type TestHouse, testHouse } from '../support/index.ts';
import { tellOfChannels } from './channels.ts';
import { type Collector, createCollector, everyone, FIRST_ADMIN, openStreams, type Reply, type Who } from './collect.ts';
import { erase } from './erase.ts';
import type { Evidence } from './find.ts';
import { handle } from './handle.ts';
import { noOrders, partialOrder, wholeOrder, wrongOrders, youngOrder, type Shop } from './messages.ts';
import { deadLetter, post } from './post.ts';
import { createPlanter, openPlaces, type Planter } from './planted.ts';
import { reviewMany } from './review-many.ts';
import { REVIEWED } from './reviewed.ts';
import { storedFiles, storedRows } from './stored.ts';
import type { Schema } from './walk.ts';
import { openWebhooks } from './webhooks.ts';

type House = TestHouse;
export interface Driven {
  readonly planter: Planter;
  readonly replies: readonly Reply[];
  readonly logs: readonly Evidence[];
  readonly stored: readonly Evidence[];
  readonly streams: readonly Evidence[];
  readonly strangersStreams: readonly Evidence[];
  readonly webhooks: readonly Evidence[];
  /** What the endpoint with a grant got of it. */
  readonly granted: readonly Evidence[];
  readonly everybody: readonly Who[];
  /** What the routes say about themselves. */
  readonly declared: TestHouse['house']['app']['declared'];
}
const isPublic = (pointer: string): boolean => REVIEWED.message.includes(pointer);

/** A small run takes one of so many wrong orders, and of their cases again. */
const ONE_OF = 5;
export interface Drive {
  /** Takes a mask or a lock away first, to see that this is noticed. */
  readonly spoil?: (house: House) => void;
  /** One of many wrong orders and one person, in a few seconds: enough to see whether a lost mask is noticed. */
  readonly small?: boolean;
}
export async function drive({ spoil = () => {}, small = false }: Drive = {}): Promise<Driven> {
  const lines: string[] = [];
  const closing: (() => Promise<void>)[] = [];
  const log = createLog({ write: (line) => lines.push(line), level: 'debug' });
  const house = await testHouse({ log, allowPrivateEndpoints: true });
  try {
    spoil(house);
    const planter = createPlanter(isPublic);
    const collector = createCollector(house);
    const shop = await openShop(collector, planter);
    const words = planter.secret('sealed and logged');
    log.event('canary.sealed', { bundle: new Sealed(() => words) });
    const all = await everyone(collector, `${shop.channel}/${shop.shop}`, 'own/elsewhere');
    const everybody = all.filter(({ name }) => !small || name === 'admin, every shop');
    const one = small ? ONE_OF : 1;
    const streams = await openStreams(
      house,
      everybody.filter((who) => who.token !== null),
    );
    const webhooks = await openWebhooks(collector, [`${shop.channel}/${shop.shop}`], planter.secret('what a receiver said'));
    closing.push(webhooks.close);
    const orders = await sendOrders(house, collector, planter, shop, one);
    await command(collector, planter, shop, everybody);
    const handled = await handle(collector, planter, shop, all);
    await review(collector, planter, everybody, one);
    await search(collector, planter, everybody, orders);
    await tellOfChannels(house, collector, planter, everybody);
    await erase(collector, everybody, orders);
    await look(collector, planter, everybody, orders);
    await streams.heard();
    const delivered = await webhooks.bodies({ orderKey: handled, type: 'weir.order.shipped' });
    await look(collector, planter, everybody, { ...orders, orderKeys: orders.orderKeys.slice(0, 2), positions: [] });
    const missing = openPlaces(NeutralOrder as Schema).filter(
      (pointer) => ![...planter.guilty, ...planter.innocent].some((canary) => canary.pointer === pointer) && !FITTED.test(pointer),
    );
    if (missing.length > 0) throw new Error(`no canary was planted at ${missing.join(', ')}`);
    const strangersStreams = streams.strangers();
    return {
      planter,
      everybody,
      declared: house.house.app.declared,
      webhooks: delivered.evidence,
      granted: delivered.granted,
      replies: collector.replies,
      strangersStreams,
      streams: await streams.close(),
      stored: [...(await storedRows(house.house.db)), ...storedFiles(house.home)],
      logs: lines.map((text) => ({ where: 'log', text })),
    };
  } finally {
    for (const close of closing) await close();
    await house.close();
  }
}
/** Amounts, instants and the currency: their patterns hold no canary. References name a line, which has one. */
const FITTED = /\/(\w*(At|By|at|since)|amount|unitPrice|discount|shippingFee|payable|paid|refunded|currency|lineId)$/;

async function openShop(collector: Collector, planter: Planter): Promise<Shop> {
  const { channel, shop } = NeutralOrder.properties;
  const made = planter.plant({ properties: { channel, shop } }, 'shop') as unknown as Shop;
  await collector.ask(FIRST_ADMIN, 'POST', '/v1/shops', { ...made, name: 'a shop' });
  await collector.ask(FIRST_ADMIN, 'POST', '/v1/shops', { channel: 'own', shop: 'elsewhere', name: 'another' });
  return made;
}

interface Sent {
  readonly orderKeys: readonly string[];
  readonly positions: readonly string[];
  readonly phones: readonly string[];
}
async function sendOrders(house: House, collector: Collector, planter: Planter, shop: Shop, one: number): Promise<Sent> {
  const [whole, young] = [wholeOrder(planter, shop, 'whole'), youngOrder(planter, shop, 'young')];
  const conflict = { ...youngOrder(planter, shop, 'other values'), channelOrderId: young['channelOrderId'] };
  const sent = [
    await post(collector, whole, 201),
    await post(collector, partialOrder(planter, shop, 'part', whole), 200),
    await post(collector, young, 201),
    await post(collector, conflict, 200),
    await post(collector, { ...young, receiver: null, buyer: null, remark: null, modifiedAt: '2026-02-21T00:00:00+08:00' }, 200),
    await post(collector, youngOrder(planter, shop, 'kept'), 201),
    await deadLetter(house, collector, planter, shop),
  ];
  for (const [, message] of wrongOrders(planter, shop, isPublic).filter(
    ([what], i) => i % one === 0 || what === 'personal value as a name',
  ))
    sent.push(await post(collector, message, 200));
  for (const [, body] of noOrders(planter, shop)) await collector.ask(FIRST_ADMIN, 'POST', '/v1/orders', body);
  await collector.ask(FIRST_ADMIN, 'POST', '/v1/orders', JSON.stringify(whole), { 'content-type': 'text/plain' });
  const ndjson = [...wrongOrders(planter, shop, isPublic).slice(0, 10), ...noOrders(planter, shop)].map(([, body]) =>
    Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  );
  const lines = Buffer.concat(ndjson.flatMap((line) => [line, Buffer.from('\n')]));
  const imported = await collector.ask(FIRST_ADMIN, 'POST', '/v1/orders:import', lines, { 'content-type': 'application/x-ndjson' });
  const id = (JSON.parse(imported.headers) as Record<string, string>)['weir-import-id'] as string;
  for (const path of [`/v1/imports/${id}`, `/v1/imports/${id}/report`]) await collector.ask(FIRST_ADMIN, 'GET', path);
  return {
    orderKeys: sent.map(({ orderKey }) => orderKey).filter((key) => key !== ''),
    positions: sent.map(({ position }) => position).filter((position) => position !== ''),
    phones: [whole, young].map((order) => (order['receiver'] as { phone: string }).phone),
  };
}

/** Everybody tries to write: an order, a command with somebody's address, and commands that are wrong. */
async function command(collector: Collector, planter: Planter, shop: Shop, everybody: readonly Who[]): Promise<void> {
  for (const who of everybody) {
    const order = youngOrder(planter, shop, `order for ${who.name}`);
    const { orderKey } = await post(collector, order, 201);
    const theirs = youngOrder(planter, shop, `order by ${who.name}`);
    await collector.ask(who, 'POST', '/v1/orders', theirs);
    const { receiver, buyer } = youngOrder(planter, shop, `address by ${who.name}`) as { receiver: { phone: string }; buyer: object };
    const secret = planter.secret(`command by ${who.name}`);
    const at = `/v1/orders/${orderKey}`;
    const bodies: [string, unknown][] = [
      [':changeAddress', { receiver: [receiver] }],
      [':changeAddress', { receiver: { ...receiver, phone: Number(receiver.phone.replace(/\D/g, '')) } }],
      [':changeAddress', { receiver, extra: secret }],
      [':changeAddress', [receiver]],
      [':changeAddress', { receiver: secret }],
      [':changeAddress', `{"receiver": ${secret}`],
      [':changeAddress', { receiver }],
      [':hold', { why: [secret] }],
      [':hold', { why: buyer }],
      [':hold', { why: 'waits for the customer' }],
      [':move', { to: secret }],
      [':ship', { shipments: secret }],
      [':ship', { shipments: [{ carrier: 'sf', trackingNumber: 'SF1', note: secret }] }],
      [':release', { holdId: { secret } }],
      [':cancel', { reason: { secret } }],
      [':cancel', { reason: secret }],
      [':noSuchVerb', { secret }],
    ];
    for (const [verb, body] of bodies) await collector.ask(who, 'POST', at + verb, body);
    await collector.ask(who, 'POST', `${at}:cancel`, {}, { 'if-match': `"${secret}"`, 'idempotency-key': `${secret} with a space` });
  }
}

interface Case {
  readonly id: string;
  readonly orderKey: string;
  readonly problems: readonly { readonly pointer: string }[];
  readonly message: Record<string, unknown> | null;
}
/** Everybody lists, tries fixes of every kind; then cases are fixed, released and rejected by turns. */
async function review(collector: Collector, planter: Planter, everybody: readonly Who[], one: number): Promise<void> {
  const listed = await collector.ask(FIRST_ADMIN, 'GET', '/v1/reviews?state=open&limit=200');
  if (listed.status !== 200) throw new Error(`the review list answered ${listed.text}`);
  const cases = (JSON.parse(listed.text) as { items: Case[] }).items;
  for (const who of everybody) {
    for (const state of ['open', 'any', 'wrong']) await collector.ask(who, 'GET', `/v1/reviews?state=${state}&limit=200`);
    const secret = planter.secret(`fix by ${who.name}`);
    for (const { id } of cases.filter((_, i) => who.name === FIRST_ADMIN.name || i % 12 === 0)) {
      await collector.ask(who, 'GET', `/v1/reviews/${encodeURIComponent(id)}`);
      const at = `/v1/reviews/${encodeURIComponent(id)}:fix`;
      for (const body of fixes(secret, planter)) await collector.ask(who, 'POST', at, body);
    }
  }
  await reviewMany(
    collector,
    planter,
    everybody,
    cases.map(({ id }) => id),
    TRIED,
  );
  for (const [i, { id }] of cases.filter((_, at) => at % one === 0).entries()) {
    const at = `/v1/reviews/${encodeURIComponent(id)}`;
    await collector.ask(FIRST_ADMIN, 'POST', `${at}:fix`, { edits: TRIED.map((pointer) => ({ pointer })), dryRun: true });
    for (const pointer of TRIED) await collector.ask(FIRST_ADMIN, 'POST', `${at}:fix`, { edits: [{ pointer }], dryRun: true });
    await collector.ask(FIRST_ADMIN, 'POST', `${at}:fix`, {
      edits: [{ pointer: '/receiver/name', value: planter.secret(`fixed name ${i}`) }, { pointer: '/extra' }],
    });
    await collector.ask(FIRST_ADMIN, 'POST', `${at}:release`, {});
    if (i % 2 === 0) await collector.ask(FIRST_ADMIN, 'POST', `${at}:reject`, {});
    await collector.ask(FIRST_ADMIN, 'POST', `${at}:reject`, { reason: planter.secret(`rejection ${i}`) });
  }
  await collector.ask(FIRST_ADMIN, 'GET', '/v1/reviews?state=any&limit=200');
}
/** Places that a fix may name: personal ones, unknown ones, and wholes with personal or unknown parts. */
const TRIED = [
  '/receiver',
  '/receiver/phone',
  '/buyer',
  '/remark',
  '/context/geo/lat',
  '/extra',
  '/extras',
  '/extras/0/phone',
  '/lines',
  '/lines/0',
  '/lines/0/extra',
  '/payments',
  '/currency',
];
const fixes = (secret: string, planter: Planter): unknown[] => [
  {
    edits: [
      { pointer: '/remark', value: secret },
      { pointer: '/receiver/phone', value: planter.secret('fix phone') },
    ],
    dryRun: true,
  },
  {
    edits: [
      { pointer: '/lines/0/extra', value: secret },
      { pointer: '/extra', value: { deep: [secret] } },
    ],
    dryRun: true,
  },
  {
    edits: [
      { pointer: '/receiver', value: { phone: secret } },
      { pointer: '/payable', value: [secret] },
    ],
    dryRun: true,
  },
  { edits: { pointer: '/remark', value: secret } },
  { edits: [{ pointer: 5, value: secret }] },
  { edits: secret },
];

async function search(collector: Collector, planter: Planter, everybody: readonly Who[], { phones }: Sent): Promise<void> {
  for (const who of everybody) {
    const secret = planter.secret(`search by ${who.name}`);
    const bodies = [
      ...phones.map((phone) => ({ phone })),
      { phone: Number((phones[0] as string).replace(/\D/g, '')) },
      { phone: { secret } },
      { name: secret },
      [secret],
      `{"phone": "${secret}`,
    ];
    for (const body of bodies) await collector.ask(who, 'POST', '/v1/orders:search', body);
    for (const body of [{ login: secret, password: secret }, { login: [secret], password: 13912345678 }, { login: 'x', secret }, secret])
      await collector.ask(who, 'POST', '/v1/login', body);
  }
}

/** Everybody reads everything, asks for every personal field, and for what is not there. */
async function look(
  collector: Collector,
  planter: Planter,
  everybody: readonly Who[],
  { orderKeys, positions, phones }: Sent,
): Promise<void> {
  for (const who of everybody) {
    const secret = planter.secret(`looking ${who.name}`);
    for (const path of [
      '/healthz',
      '/readyz',
      '/metrics',
      '/openapi.json',
      '/asyncapi.json',
      '/v1/overview',
      '/v1/shops',
      '/v1/tokens',
      '/v1/me',
      '/v1/people',
      '/docs',
      '/v1/endpoints',
      '/v1/dead-letters',
      '/v1/audit',
      '/v1/audit/key',
      '/v1/retention-runs',
      `/v1/intake/douyin/${secret}`,
      `/v1/audit?who=${secret}`,
      `/v1/audit?cursor=${secret}`,
      '/v1/orders?limit=200',
      '/v1/orders?held=any',
      '/v1/orders:count?held=any',
      `/v1/orders:count?shop=${secret}`,
      `/v1/orders?trackingNumber=${secret}`,
      `/v1/orders/${secret}`,
      `/v1/orders?phone=${secret}`,
      `/v1/orders?placedFrom=${secret}`,
      `/v1/orders?cursor=${secret}`,
      `/v1/orders?limit=${secret}`,
      `/v1/reviews?cursor=${secret}`,
      `/v1/dead-letters?cursor=${secret}`,
      `/v1/outcomes/${secret}`,
      `/v1/imports/${secret}`,
      `/v1/${secret}/%zz`,
      `/${secret.repeat(30)}`,
      `/${secret}`,
    ])
      await collector.ask(who, 'GET', path);
    await collector.ask(who, 'POST', `/v1/dead-letters/${secret}:retry`);
    for (const now of [secret, new Date().toISOString()]) await collector.ask(who, 'POST', '/v1/retention:trustClock', { now });
    await collector.ask(who, 'POST', `/v1/endpoints/${secret}:replay`, { keys: [secret] });
    await collector.ask(who, 'POST', `/v1/endpoints/${secret}:replay`, { query: { shop: secret }, colour: secret });
    await collector.ask(who, 'POST', `/v1/endpoints/${secret}/replays/${secret}:cancel`);
    for (const rest of [
      'mismatches',
      'parked',
      'replays',
      `replays/${secret}`,
      'deliveries',
      `deliveries/${secret}`,
      `deliveries?orderKey=${secret}`,
    ])
      await collector.ask(who, 'GET', `/v1/endpoints/${secret}/${rest}`);
    await collector.ask(who, 'POST', `/v1/endpoints/${secret}/deliveries/${secret}:revealAnswer`);
    await readDeliveries(collector, who);
    await collector.ask(who, 'POST', `/v1/endpoints/${secret}:rotateSecret`, { secret });
    await collector.ask(who, 'POST', `/v1/endpoints/${secret}:change`, { name: secret, url: `https://${secret}.invalid/${secret}` });
    await collector.ask(who, 'GET', `/pages/${secret}`, undefined, { accept: 'text/html' });
    const few = who.name === FIRST_ADMIN.name || who.scope !== 'own shop' ? orderKeys : orderKeys.slice(0, 8);
    for (const key of few) for (const rest of ['', '/events', '/knowledge']) await collector.ask(who, 'GET', `/v1/orders/${key}${rest}`);
    for (const position of who.role === 'admin' ? positions : positions.slice(0, 12))
      for (const route of ['messages', 'outcomes']) await collector.ask(who, 'GET', `/v1/${route}/${position}`);
    for (const key of orderKeys.slice(0, 3)) await revealAll(collector, who, key, secret, phones[0] as string);
  }
}

/** The log of deliveries of each endpoint, and some of them in full: taken ones and ones that failed rudely. */
async function readDeliveries(collector: Collector, who: Who): Promise<void> {
  const endpoints = await collector.ask(who, 'GET', '/v1/endpoints');
  for (const { id } of itemsOf(endpoints.text))
    for (const outcome of ['delivered', 'failed']) {
      const list = await collector.ask(who, 'GET', `/v1/endpoints/${id}/deliveries?outcome=${outcome}`);
      for (const delivery of itemsOf(list.text).slice(0, 3))
        await collector.ask(who, 'GET', `/v1/endpoints/${id}/deliveries/${delivery.id}`);
    }
}
const itemsOf = (text: string): readonly { readonly id: string }[] => (JSON.parse(text) as { items?: { id: string }[] }).items ?? [];

async function revealAll(collector: Collector, who: Who, key: string, note: string, phone: string): Promise<void> {
  const at = `/v1/orders/${key}:reveal`;
  for (const field of REVEAL_FIELDS) await collector.ask(who, 'POST', at, { fields: [field], purpose: 'deliver', note });
  await collector.ask(who, 'POST', at, { fields: REVEAL_FIELDS, purpose: 'deliver' });
  for (const body of [
    { fields: ['receiver.phone'] },
    { fields: [phone], purpose: 'deliver' },
    { fields: ['remark'], purpose: note },
    { fields: note },
    { note: { note } },
    [note],
  ])
    await collector.ask(who, 'POST', at, body);
}
