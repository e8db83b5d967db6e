/** The judge judged: each broken promise that is put into a world on purpose must be noticed, by the rule that it breaks. */
import { type OrderData, signatureOf } from '@weir/sandbox';
import type { OrderTruth } from '@weir/sandbox/market';
import { expect, inject, test } from 'vitest';
import type { Evidence, Held, Received } from './evidence.ts';
import { type Finding, judge, type Rule } from './judge.ts';
import { CHANNEL } from './lives.ts';
import type { Deed } from './platform-script.ts';
import { nameOf } from './platforms.ts';
import { type Script, writeScript } from './script.ts';
import { CANARY } from './telling.ts';
import { playWorld, type Rest } from './world.ts';

/** A small world that has what the mutations need: an order that stays withheld, payments, refusals, a dead letter. */
const SEED = 141;
/** More is paid than the dice would have it, so that there is something to ship. */
const PAID = Array.from({ length: 12 }, (_, nth): Deed => ({ what: 'pay', nth }));
const isCalm = (script: Script): Script => ({
  ...script,
  moments: script.moments.map((moment) => ({
    ...moment,
    faults: [],
    platforms: moment.platforms.map(({ deeds, door }) => ({ door, rates: {}, deeds: [...deeds, ...PAID] })),
  })),
});

/** What a bug in the hub or in the database would leave behind, done to the rows themselves. Later ones stand on the earlier. */
const IN_THE_WORLD: readonly (readonly [what: string, rule: Rule, spoil: (rest: Rest) => Promise<unknown>])[] = [
  [
    'an event with a canary',
    'no canary leaked',
    ({ db }) => db.query(`update events set detail = '{"note": "${CANARY}"}' where version = 1`),
  ],
  [
    'a fold that drops a payment',
    'the right state',
    ({ db }) =>
      // in the packed form: `p` the payments, `c` the content that the newest message told
      db.query(`update orders set facts = jsonb_set(jsonb_set(facts::jsonb, '{p}', '{}'), '{c,paid}', '"0.00"')
        where order_key = (select order_key from orders where channel = '${CHANNEL}' and (facts -> 'p')::text <> '{}' and facts -> 'c' ->> 'paid' <> '0.00' and facts -> 'P' is null
          order by order_key limit 1)`),
  ],
  [
    'a repeated message that was applied twice',
    'versions without a hole',
    ({ db }) =>
      db.query(`insert into events select log_partition, position + 1000000, order_key, version, type, withheld, occurred_at, recorded_at, cause, said_by, detail, state
        from events where type = 'order.paid' order by order_key limit 1`),
  ],
  [
    'a message that was stored and never worked',
    'everything is worked',
    ({ db }) => db.query(`update leases set positions = array_fill(0::bigint, array[64])`),
  ],
  ['a dead letter that nobody provoked', 'no dead letter but the provoked', ({ db }) => buryOne(db)],
  ['a withheld event that is delivered', 'nothing withheld went out', deliverWithheld],
  ['an event that is delivered and not in the log', 'nothing withheld went out', deliverInvented],
];

const count = (findings: readonly Finding[], rule: Rule): number => findings.filter((finding) => finding.rule === rule).length;

/** What a bug would have made others see. */
const IN_THE_EVIDENCE: readonly (readonly [what: string, rule: Rule, spoil: (evidence: Evidence) => Evidence])[] = [
  [
    'a broadcast that swaps two versions',
    'each receiver in order',
    (e) => withReceived(e, ({ arrivals }) => ({ arrivals: swapped(arrivals) })),
  ],
  ['a delivery that never came', 'each receiver in order', (e) => withReceived(e, ({ arrivals }) => ({ arrivals: arrivals.slice(1) }))],
  [
    'a delivery for a shop that was not asked for',
    'each receiver in order',
    (e) => ({ ...e, received: e.received.map((each) => ({ ...each, wanted: { ...each.wanted, shops: ['own/none'] } })) }),
  ],
  [
    'a receiver that ends at another amount',
    'each receiver ends with the same digest',
    (e) => withReceived(e, ({ orders }) => ({ orders: changed(orders) })),
  ],
  ['an order that is held twice', 'one order per identity', (e) => ({ ...e, held: [...e.held, e.held[0] as Held] })],
  ['an order that is lost', 'one order per identity', (e) => ({ ...e, held: e.held.filter((held) => held !== firstOf(e, CHANNEL)) })],
  [
    'an order of the platform that is lost',
    'the platform and the hub agree',
    (e) => ({ ...e, held: e.held.filter((held) => held !== firstOf(e, 'douyin')) }),
  ],
  ['a change of the platform that was missed', 'the platform and the hub agree', withMoreRefunded],
  [
    'a parcel of ours that the platform was told twice',
    'the platform is told once',
    (e) => withPages(e, (parcels) => [...parcels, ...parcels]),
  ],
  [
    'a parcel of ours that the platform holds under another carrier',
    'the platform is told once',
    (e) => withPages(e, (parcels) => parcels.map((parcel) => ({ ...parcel, carrier: 'OTHER' }))),
  ],
  ['an order that goes elsewhere than the platform says', 'the platform and the hub agree', withAnotherPlace],
  ['a person’s address that was undone', 'the platform and the hub agree', withUndoneAddress],
  ['a parcel of ours that the platform was never told', 'the platform is told once', (e) => withPages(e, (parcels) => parcels.slice(1))],
  [
    'a note in which people’s words were lost',
    'the platform is told once',
    (e) => ({ ...e, pages: e.pages.map((page) => ({ ...page, sellerWords: page.sellerWords.replace('【堰', '字【堰') })) }),
  ],
  [
    'a parcel that was refused for a reason that no race explains',
    'the platform is told once',
    (e) => ({ ...e, unshipped: new Map([[e.pages[0]?.id ?? '', 'number_wrong']]) }),
  ],

  [
    'an order that was never told of',
    'one order per identity',
    (e) => withFirst(e, (held) => ({ ...held, item: { ...held.item, channelOrderId: 'nobody' } })),
  ],
  [
    'a list row that is older than its order',
    'the list is the state',
    (e) => withFirst(e, (held) => ({ ...held, item: { ...held.item, payable: '0.01' } })),
  ],
  [
    'somebody else’s address',
    'the right state',
    (e) => withFirst(e, (held) => ({ ...held, personal: { ...held.personal, 'receiver.name': '别人' } })),
  ],
  [
    'a hold that went away by itself',
    'the right state',
    (e) => ({ ...e, held: e.held.map((held) => ({ ...held, state: { ...held.state, holds: [] } })) }),
  ],
  [
    'a refusal in one language',
    'every refusal is explained',
    (e) =>
      withAnswer(
        e,
        (text) => text.includes('"detailZh"'),
        (text) => text.replaceAll('detailZh', 'gone'),
      ),
  ],
  [
    'two answers under one key',
    'one effect, one answer',
    (e) =>
      withAnswer(
        e,
        (text) => text.includes('"orderKey"'),
        (text) => text.replace('"version":', '"version":9'),
        'a key',
      ),
  ],
  [
    'a canary in a log line',
    'no canary leaked',
    (e) => ({ ...e, texts: [...e.texts, { where: 'log', text: `{"event":"x","name":"${CANARY}"}` }] }),
  ],
];

test('a world in which nothing is broken is judged so, and each broken promise is noticed by its rule', async () => {
  await playWorld(isCalm(writeScript(SEED)), inject('postgresAdminUrl'), async (rest) => {
    const sound = await rest.evidence();
    expect(judge(sound)).toEqual([]);
    for (const [what, rule, spoil] of IN_THE_EVIDENCE) expect(count(judge(spoil(sound)), rule), what).toBeGreaterThan(0);
    let before: Finding[] = [];
    for (const [what, rule, spoil] of IN_THE_WORLD) {
      await spoil(rest);
      const after = judge(await rest.evidence());
      expect(count(after, rule), what).toBeGreaterThan(count(before, rule));
      before = after;
    }
  });
});

const withFirst = (evidence: Evidence, change: (held: Held) => Held): Evidence => ({
  ...evidence,
  held: evidence.held.map((held) => (held === firstOf(evidence, CHANNEL) ? change(held) : held)),
});
const firstOf = ({ held }: Evidence, channel: string): Held => held.find(({ item }) => item.channel === channel) as Held;
/** Changes the parcels of an order that we shipped ourselves. */
function withPages(
  evidence: Evidence,
  change: (parcels: Evidence['pages'][number]['parcels']) => Evidence['pages'][number]['parcels'],
): Evidence {
  const ours = new Set(evidence.held.filter(({ state }) => state.shipments.some(({ own }) => own)).map(({ item }) => item.channelOrderId));
  const pages = evidence.pages.map((page) => (ours.has(page.id) ? { ...page, parcels: change(page.parcels) } : page));
  return { ...evidence, pages };
}
function withAnotherPlace(evidence: Evidence): Evidence {
  const isTold = ([name, { place }]: [string, OrderTruth]): boolean => place !== null && !evidence.readdressed.has(name);
  const told = [...evidence.platform].find(isTold) as [string, OrderTruth];
  return { ...evidence, platform: new Map([...evidence.platform, [told[0], { ...told[1], place: '海南省 三沙市 西沙区' }]]) };
}
function withUndoneAddress(evidence: Evidence): Evidence {
  const isOurs = ({ item }: Held): boolean => {
    const name = nameOf(item.channel, item.channelOrderId);
    return evidence.readdressed.has(name) && evidence.platform.get(name)?.addressVersion === 1;
  };
  const held = evidence.held.find(isOurs) as Held;
  const undone = { ...held, masked: { receiver: { province: '北京市', city: '北京市', district: '海淀区' } } };
  return { ...evidence, held: evidence.held.map((each) => (each === held ? undone : each)) };
}
function withMoreRefunded(evidence: Evidence): Evidence {
  const [[id, truth]] = [...evidence.platform] as [[string, OrderTruth]];
  return { ...evidence, platform: new Map([...evidence.platform, [id, { ...truth, refundedFen: truth.refundedFen + 1 }]]) };
}
const withReceived = (evidence: Evidence, change: (received: Received) => Partial<Received>): Evidence => ({
  ...evidence,
  received: evidence.received.map((each, i) => (i === 0 ? { ...each, ...change(each) } : each)),
});
function swapped(arrivals: Received['arrivals']): Received['arrivals'] {
  const first = arrivals.findIndex(({ subject }, i) => arrivals[i + 1]?.subject === subject);
  return arrivals
    .with(first, arrivals[first + 1] as (typeof arrivals)[number])
    .with(first + 1, arrivals[first] as (typeof arrivals)[number]);
}
const changed = (orders: Received['orders']): Received['orders'] =>
  new Map([...orders].map(([key, order]): [string, OrderData] => [key, { ...order, payable: '0.01' }]));
/** One answer said once more, differently; under `key` both, when one is given. */
function withAnswer(evidence: Evidence, isIt: (text: string) => boolean, change: (text: string) => string, key?: string): Evidence {
  const said = evidence.journal.said.find(({ answer }) => isIt(answer.text) && !answer.text.includes('\n'));
  if (said === undefined) throw new Error('the script holds no such answer: take another seed');
  const one = { ...said, ...(key === undefined ? {} : { key }) };
  const other = { ...one, answer: { ...one.answer, text: change(one.answer.text) } };
  return { ...evidence, journal: { ...evidence.journal, said: [...evidence.journal.said, one, other] } };
}

async function buryOne(db: Rest['db']): Promise<void> {
  await db.query(`insert into dead_letters (id, position, log_partition, reason, created_at, sealed)
    select 'dl_forged', cause, log_partition, 'forged', now(), '' from events where type = 'order.shipped' limit 1`);
}

interface Row {
  readonly orderKey: string;
  readonly version: number;
  readonly state: string;
}
async function deliverWithheld(rest: Rest): Promise<void> {
  const { rows } = await rest.db.query<Row>(
    `select e.order_key as "orderKey", e.version, e.state from events e join orders o using (order_key) where e.withheld and o.withheld_from <= e.version limit 1`,
  );
  if (rows[0] === undefined) throw new Error('no order of this script stays withheld: take another seed');
  await forge(rest, rows[0]);
}
async function deliverInvented(rest: Rest): Promise<void> {
  const { rows } = await rest.db.query<Row>(`select order_key as "orderKey", version + 500 as version, state from events limit 1`);
  const row = rows[0] as Row;
  await forge(rest, { ...row, state: JSON.stringify({ ...(JSON.parse(row.state) as object), version: row.version }) });
}

/** A delivery as the hub would sign it. */
async function forge({ receivers, clock }: Rest, { orderKey, version, state }: Row): Promise<void> {
  const { url, secret } = receivers[0] as Rest['receivers'][number];
  const [id, timestamp] = [`forged-${version}`, String(Math.floor(clock.now() / 1000))];
  const event = {
    specversion: '1.0',
    id,
    source: 'forged',
    type: 'weir.order.changed',
    subject: orderKey,
    time: '2026-02-20T00:00:00Z',
    datacontenttype: 'application/json',
    sequence: String(version).padStart(10, '0'),
    data: { order: JSON.parse(state) as object },
  };
  const body = JSON.stringify(event);
  const headers = {
    'content-type': 'application/cloudevents+json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatureOf(secret, id, timestamp, body),
  };
  const answer = await fetch(url, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`the receiver answered ${answer.status}`);
}
