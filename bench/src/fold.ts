/**
 * `fold`: what a change costs in one thread without doors and database, against the part of it that nobody can leave out: the same messages parsed, their personal
 * parts fingerprinted, opened and sealed, the state and the facts written as text, the segment packed and sealed. What lies between is deciding.
 */
import { randomBytes } from 'node:crypto';
import { packFacts, type SerialSecret, unpackFacts } from '@weir/core';
import { subjectText } from '@weir/contract/subject';
import { type Keys, oneShotHmac, sealBox } from '../../apps/server/src/access/index.ts';
import { encodeSegment, type Entry, entryOf, identityOf } from '../../apps/server/src/intake/index.ts';
import { orderKind } from '../../apps/server/src/orders/index.ts';
import { createTraffic } from './orders.ts';
import { type Figure, figure } from './report.ts';

type FoldKeys = Parameters<typeof orderKind>[0];
type Box = Keys['box'];
type Orders = ReturnType<ReturnType<typeof orderKind>['fold']>['after']['inserted'];
const BATCH = 500;
const WARM_BATCHES = 60;
const MEASURED_BATCHES = 120;
const NEWEST = Date.UTC(2026, 6, 1);

/** Where the time goes, in ms. `whole` is measured apart from the others, which are the floor. */
const PARTS = ['parsing', 'fingerprints', 'bundles', 'texts', 'segment', 'whole'] as const;
type Costs = Record<(typeof PARTS)[number], number>;
/** Orders as the database has them, by the text of their subject. */
type Stored = Map<string, { readonly order: Orders[number]; readonly factsText: string }>;

function foldKeys(): FoldKeys {
  const key = { id: 1, cipherKey: randomBytes(16), macKey: randomBytes(32) };
  const [prints, blind] = [oneShotHmac('sm3', randomBytes(32)), oneShotHmac('sm3', randomBytes(32))];
  return {
    box: sealBox(() => key, new Map([[key.id, key]])),
    fingerprint: (text) => prints.as('hex', text).slice(0, 32),
    blindToken: (phone) => blind(phone).subarray(0, 16),
    serialSecret: [1, 2, 3, 4] as unknown as SerialSecret,
    counterFloor: 0,
  };
}

function took<T>(costs: Costs, name: keyof Costs, run: () => T): T {
  const start = performance.now();
  const result = run();
  costs[name] += performance.now() - start;
  return result;
}

const parsed = (bytes: Buffer): Record<string, unknown> => JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;

function entryAt(bytes: Buffer, position: number, receivedAt: number): Entry {
  const value = parsed(bytes);
  const { channel, shop, channelOrderId: id } = identityOf(value) as NonNullable<ReturnType<typeof identityOf>>;
  const subject = { kind: 'order', channel, shop, id } as const;
  return entryOf({ kind: 'order', subject, bytes, by: 'bench', receivedAt, parsed: value }, position);
}

export function fold(): Figure[] {
  const keys = foldKeys();
  const kind = orderKind(keys, { readers: new Map(), saveAsked: () => [] });
  const traffic = createTraffic(1, 20_000);
  const stored: Stored = new Map();
  const costs = Object.fromEntries(PARTS.map((name) => [name, 0])) as Costs;
  let [position, head, serial] = [1, 1, 0];
  const issuer = { serial: () => serial++, eventPosition: () => head++ };
  const whole = (told: readonly Buffer[], now: number) => {
    const entries = told.map((bytes) => entryAt(bytes, position++, now));
    keys.box.seal(encodeSegment(entries), 'inbox');
    const known: string[] = [];
    const before = new Map<string, Orders[number]>();
    for (const { subject } of entries) {
      const row = stored.get(subjectText(subject));
      if (!row || before.has(subjectText(subject))) continue;
      before.set(subjectText(subject), { ...row.order, facts: unpackFacts(row.factsText) });
      known.push(row.factsText);
    }
    const { after, events } = kind.fold(before, entries, issuer, now, new Map());
    const rows = [...after.inserted, ...after.updated].map((order) => ({ order, factsText: packFacts(order.facts) }));
    return { entries, known, events, rows };
  };
  for (let batch = 0; batch < WARM_BATCHES + MEASURED_BATCHES; batch++) {
    if (batch === WARM_BATCHES) for (const name of PARTS) costs[name] = 0;
    const told = Array.from({ length: BATCH }, () => Buffer.from(traffic.next()));
    const done = took(costs, 'whole', () => whole(told, NEWEST + batch));
    floor(keys, costs, told, done);
    for (const row of done.rows) stored.set(subjectText({ kind: 'order', ...row.order, id: row.order.channelOrderId }), row);
  }
  const each = (ms: number): number => (ms * 1000) / (BATCH * MEASURED_BATCHES);
  const { whole: all, ...parts } = costs;
  const least = Object.values(parts).reduce((sum, ms) => sum + ms, 0);
  const shown = Object.entries(parts).map(([name, ms]) => `${name} ${each(ms).toFixed(1)}`);
  process.stderr.write(`µs a change: ${each(all).toFixed(1)}; of it at least ${each(least).toFixed(1)}: ${shown.join(', ')}\n`);
  return [figure('fold', 1e6 / each(all), 'changes/s', 'the same read, sealed and written, nothing decided', 1e6 / each(least), '–')];
}

interface Done {
  readonly entries: readonly Entry[];
  /** Facts of the orders that were known, as text. */
  readonly known: readonly string[];
  readonly events: readonly { readonly state: string }[];
  readonly rows: readonly { readonly factsText: string }[];
}
const LABEL = 'bundle of the floor';

/** The same batch once more, only what has to happen to its bytes. */
function floor(
  { box, fingerprint, blindToken }: FoldKeys,
  costs: Costs,
  told: readonly Buffer[],
  { entries, known, events, rows }: Done,
): void {
  const values = took(costs, 'parsing', () => told.map(parsed));
  const personal = values.map(({ receiver, buyer, remark }) => ({ receiver, buyer, remark }));
  took(costs, 'fingerprints', () => personal.map((parts) => Object.values(parts).map((part) => fingerprint(JSON.stringify(part)))));
  const sealed = personal.slice(0, known.length).map((bundle) => sealOf(box, bundle));
  took(costs, 'bundles', () => {
    for (const blob of sealed) parsed(box.open(blob, LABEL));
    for (const bundle of personal.slice(0, rows.length)) {
      sealOf(box, bundle);
      blindToken((bundle.buyer as { phone: string }).phone);
    }
  });
  const written = [...events.map(({ state }) => state), ...rows.map(({ factsText }) => factsText)].map(
    (text) => JSON.parse(text) as unknown,
  );
  took(costs, 'texts', () => [known.map((text) => JSON.parse(text) as unknown), written.map((value) => JSON.stringify(value))]);
  took(costs, 'segment', () => box.seal(encodeSegment(entries), 'inbox'));
}
const sealOf = (box: Box, bundle: object): Buffer => box.seal(Buffer.from(JSON.stringify(bundle)), LABEL);
