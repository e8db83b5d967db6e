/** A channel's app with a secret, a shop with a consent, and pushes full of personal text: about an order, about a strange shop, about nothing. */
import { createHash } from 'node:crypto';
import { type TestHouse, waitUntil } from '../support/index.ts';
import { type Collector, FIRST_ADMIN, type Who } from './collect.ts';
import type { Planter } from './planted.ts';

const [KEY, SHOP, STRANGE] = ['340940934847', '1234567', '7654321'];
/** Nobody listens there: what is asked for stays asked for. */
const NOWHERE = 'http://127.0.0.1:9';
const ORDER = '6930000000000002002';

export async function tellOfChannels(house: TestHouse, collector: Collector, planter: Planter, everybody: readonly Who[]): Promise<void> {
  const secret = planter.secret('app secret');
  const app = { channel: 'douyin', key: KEY, secret, name: 'an app', baseUrl: NOWHERE };
  for (const who of everybody.filter(({ role }) => role !== 'admin')) await collector.ask(who, 'POST', '/v1/apps', app);
  const made = await collector.ask(FIRST_ADMIN, 'POST', '/v1/apps', app);
  if (made.status !== 201) throw new Error(`no app: ${made.text}`);
  const { id } = JSON.parse(made.text) as { id: string };
  for (const settings of [{ strange: planter.secret('a setting') }, { strange: [planter.secret('no setting')] }])
    await collector.ask(FIRST_ADMIN, 'POST', '/v1/apps', { ...app, settings });
  const check = `/v1/intake/douyin/${id}?signature=${planter.secret('a signature')}&echostr=${planter.secret('an echo')}`;
  await collector.ask({ ...FIRST_ADMIN, name: 'the platform', token: null }, 'GET', check);
  const shop = { channel: 'douyin', shop: SHOP, name: 'a shop', app: id, credentials: { code: planter.secret('consent') } };
  await collector.ask(FIRST_ADMIN, 'POST', '/v1/shops', shop);
  await collector.ask(FIRST_ADMIN, 'POST', '/v1/shops', { ...shop, credentials: { code: [planter.secret('a wrong consent')] } });
  const push = (body: string, by = secret): Promise<unknown> =>
    collector.ask({ ...FIRST_ADMIN, name: 'the platform', token: null }, 'POST', `/v1/intake/douyin/${id}`, body, {
      'app-id': KEY,
      'event-sign': createHash('md5').update(`${KEY}${body}${by}`).digest('hex'),
    });
  for (const message of messages(planter)) await push(JSON.stringify([message]));
  await push(`{"tag":"100","data":"${planter.secret('broken')}`);
  await push(JSON.stringify([messages(planter)[0]]), planter.secret('a guessed secret'));
  await push(planter.secret('no push'), planter.secret('another guess'));
  await fill(collector, planter, everybody);
  await lookAtCases(house, collector, planter, everybody);
}

async function fill(collector: Collector, planter: Planter, everybody: readonly Who[]): Promise<void> {
  const range = { from: new Date(Date.now() - 86_400_000).toISOString(), to: new Date().toISOString() };
  for (const who of everybody) {
    for (const body of [range, { ...range, from: planter.secret(`no time of ${who.name}`) }])
      await collector.ask(who, 'POST', `/v1/shops/douyin/${SHOP}:backfill`, body);
    await collector.ask(who, 'POST', `/v1/pulls/douyin/${SHOP}/orders:accept`, {});
  }
}

function messages(planter: Planter): object[] {
  const person = (seed: string): object => ({
    name: planter.secret(`${seed} name`),
    tel: planter.secret(`${seed} tel`),
    encrypt_tel: planter.secret(`${seed} sealed tel`),
    addr: { detail: planter.secret(`${seed} detail`) },
  });
  const message = (tag: string, seed: string, data: object): object => ({
    tag,
    msg_id: seed,
    data: JSON.stringify({ p_id: ORDER, shop_id: SHOP, receiver_msg: person(seed), buyer_words: planter.secret(`${seed} words`), ...data }),
  });
  return [
    message('100', 'placed', { order_status: 1, create_time: 1_771_722_370 }),
    message('105', 'moved', { order_status: 2, update_time: 1_771_722_391 }),
    message('987', 'unknown tag', {}),
    message('105', 'of a strange shop', { shop_id: STRANGE, order_status: 2, update_time: 1_771_722_391 }),
    message('105', 'of nobody', { p_id: 'no digits', shop_id: '' }), // an id may be shown: it is no person's
  ];
}

async function lookAtCases(house: TestHouse, collector: Collector, planter: Planter, everybody: readonly Who[]): Promise<void> {
  const cases = async (): Promise<{ id: string; orderKey: string | null }[]> =>
    (await house.send('GET', '/v1/reviews?limit=200')).body.items.filter((item: { channel: string }) => item.channel === 'douyin');
  await waitUntil('every case is there', async () => (await cases()).length >= 4);
  for (const { id } of await cases())
    for (const who of everybody)
      for (const verb of ['release', 'fix', 'retry'])
        await collector.ask(
          who,
          'POST',
          `/v1/reviews/${encodeURIComponent(id)}:${verb}`,
          verb === 'fix' ? { edits: [{ pointer: '/0/data', value: planter.secret('an edit') }] } : {},
        );
  for (const who of everybody)
    for (const path of [
      '/v1/channels',
      '/v1/apps',
      '/v1/shops',
      '/v1/reviews?state=any&limit=200',
      '/v1/orders?channel=douyin',
      '/v1/pulls',
      '/v1/backfills',
      '/v1/overview',
    ])
      await collector.ask(who, 'GET', path);
  for (const { id } of await cases()) await collector.ask(FIRST_ADMIN, 'POST', `/v1/reviews/${encodeURIComponent(id)}:reject`, {});
}
