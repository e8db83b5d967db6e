/** Plays a script: in each moment everything at once, faults among it, until all of it is answered. */
import type { Client } from './client.ts';
import type { WorldClock } from './clock.ts';
import type { Fault } from './faults.ts';
import type { Answer } from './house.ts';
import type { Hub } from './hub.ts';
import { append, type Journal, type Judged } from './journal.ts';
import { CHANNEL } from './lives.ts';
import type { Platforms } from './platforms.ts';
import type { Receiver } from './receivers.ts';
import type { Act, Script } from './script.ts';
import type { Telling } from './telling.ts';

export interface Stage {
  readonly script: Script;
  readonly hub: Hub;
  readonly client: Client;
  readonly receivers: readonly Receiver[];
  readonly clock: WorldClock;
  readonly platforms: Platforms;
  readonly journal: Journal;
  readonly momentNow: () => number;
}
type ActOf<K extends Act['do']> = Extract<Act, { do: K }>;

export async function playMoment(stage: Stage, n: number): Promise<void> {
  const { passMs, faults, acts, platforms } = stage.script.moments[n] as Script['moments'][number];
  stage.clock.pass(passMs);
  stage.platforms.clock.pass(passMs);
  await Promise.all([
    ...faults.map((fault) => strike(stage, fault)),
    ...acts.map((act) => perform(stage, act)),
    stage.platforms.live(platforms, stage.client),
  ]);
}

function strike({ hub, clock, receivers, client }: Stage, fault: Fault): void | Promise<void> {
  if (fault.what === 'clock') return clock.pass(fault.ms);
  if (fault.what !== 'receiver') return hub.strike(fault);
  const receiver = receivers[fault.receiver % receivers.length] as Receiver;
  receiver.suffer(fault.does);
  return fault.does === 'heal' ? resumeGone(client, receiver) : undefined;
}

/** A person switches an endpoint on again that had said it was gone for good. */
export async function resumeGone(client: Client, { endpointId }: Receiver): Promise<void> {
  const { items } = await client.read<{ items: { id: string; state: string }[] }>('/v1/endpoints');
  if (items.find(({ id }) => id === endpointId)?.state === 'gone')
    await client.ask(0, { method: 'POST', path: `/v1/endpoints/${endpointId}:resume`, body: '{}' });
}

function perform(stage: Stage, act: Act): Promise<unknown> {
  switch (act.do) {
    case 'tell':
      return tell(stage, act);
    case 'import':
      return tellInStream(stage, act);
    case 'step':
      return takeStep(stage, act);
    case 'review':
      return judge(stage, act);
    case 'nonsense':
      return stage.client.ask(act.door, { method: 'POST', path: '/v1/orders', body: act.body });
  }
}

const bodyOf = (telling: Telling | undefined): string => JSON.stringify(telling?.message);

async function tell(stage: Stage, { telling, key, atOnce, door, reuse }: ActOf<'tell'>): Promise<void> {
  const { script, client } = stage;
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  const post = (of: number) => ({ method: 'POST', path: '/v1/orders', body: bodyOf(script.tellings[of]), headers }) as const;
  const about = { telling, ...(key === undefined ? {} : { key }) };
  const answers = await Promise.all(Array.from({ length: atOnce }, (_, i) => client.ask(door + i, post(telling), about)));
  for (const { text } of answers) note(stage, telling, JSON.parse(text) as Result);
  if (reuse !== undefined) await client.ask(door, post(reuse), { key: `${key} with another body` });
}

interface Result {
  readonly result?: string;
  readonly orderKey?: string;
}
function note({ script, journal, momentNow }: Stage, telling: number, { result = 'refused', orderKey }: Result): void {
  append(journal.results, telling, { moment: momentNow(), result });
  if (orderKey) journal.orderKeys.set((script.tellings[telling] as Telling).order, orderKey);
}

interface ReportLine extends Result {
  readonly line?: number;
  readonly code?: string;
}
const MOST_STREAMS = 20;

async function tellInStream(stage: Stage, { tellings, door }: ActOf<'import'>): Promise<void> {
  const { script, client } = stage;
  const body = tellings.map((telling) => bodyOf(script.tellings[telling])).join('\n');
  const headers = { 'content-type': 'application/x-ndjson' };
  for (let tried = 0; tried < MOST_STREAMS; tried++) {
    const { text } = await client.ask(door + tried, { method: 'POST', path: '/v1/orders:import', body, headers });
    const lines = text
      .split('\n')
      .filter((line) => line !== '') // an import that a stopping house cut off may have told nothing yet
      .map((line) => JSON.parse(line) as ReportLine)
      .filter(({ line }) => line !== undefined);
    const isWhole = lines.length === tellings.length && !lines.some(({ result }) => result === 'later');
    if (!isWhole) continue;
    for (const line of lines) note(stage, tellings[(line.line as number) - 1] as number, line);
    return;
  }
  throw new Error(`an import of ${tellings.length} lines was not reported whole in ${MOST_STREAMS} tries`);
}

interface Shown {
  readonly version: number;
  readonly holds: readonly { readonly id: string; readonly kind: string }[];
}
async function takeStep(
  { script, client, journal, momentNow }: Stage,
  { order, verb, body, key, isMatched, door }: ActOf<'step'>,
): Promise<void> {
  const orderKey = await keyOf({ script, client, journal }, order);
  const shown = await client.read<Shown>(`/v1/orders/${orderKey}`);
  const holdId = shown.holds.find((hold) => hold.kind === 'person')?.id;
  if (verb === 'release' && holdId === undefined) return;
  const asked = verb === 'release' ? { holdId } : body;
  const headers = { 'idempotency-key': key, ...(isMatched ? { 'if-match': `"${shown.version}"` } : {}) };
  const path = `/v1/orders/${orderKey}:${verb}`;
  const answer = await client.ask(door, { method: 'POST', path, body: JSON.stringify(asked), headers }, { key });
  if (answer.status === 200) append(journal.steps, order, { moment: momentNow(), verb, body: asked as Record<string, unknown> });
}

async function keyOf({ script, client, journal }: Pick<Stage, 'script' | 'client' | 'journal'>, order: number): Promise<string> {
  const known = journal.orderKeys.get(order);
  if (known !== undefined) return known;
  const { shop, id } = script.lives[order] as Script['lives'][number];
  const query = new URLSearchParams({ channel: CHANNEL, shop, channelOrderId: id });
  const [item] = (await client.read<{ items: { orderKey: string }[] }>(`/v1/orders?${query}`)).items;
  if (item === undefined) throw new Error(`order ${shop}/${id} was acknowledged and is not listed`);
  journal.orderKeys.set(order, item.orderKey);
  return item.orderKey;
}

interface Case {
  readonly id: string;
  readonly orderKey: string;
  readonly openedAt: string;
  readonly message: { readonly modifiedAt?: string } | null;
}
/** Follows from several messages and ends with a newer whole one; nobody releases it here, so the oracle need not know what was accepted. */
const AFTER_MERGE = 'sum.after_merge';

async function judge(stage: Stage, { order, how, key, door }: ActOf<'review'>): Promise<void> {
  const { script, client, journal } = stage;
  const orderKey = await keyOf(stage, order);
  const { items } = await client.read<{ items: Case[] }>('/v1/reviews?state=open&limit=200');
  const [found] = items
    .filter((each) => each.orderKey === orderKey && !each.id.endsWith(`.${AFTER_MERGE}`))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  if (found === undefined) return;
  const wish = wishFor(script, order, found, how);
  const path = `/v1/reviews/${found.id}:${wish.judged.how}`;
  const answer: Answer = await client.ask(
    door,
    { method: 'POST', path, body: JSON.stringify(wish.body), headers: { 'idempotency-key': key } },
    { key },
  );
  if (answer.status === 200) append(journal.judged, order, { ...wish.judged, moment: stage.momentNow() });
}

/** A dead letter is only rejected, a case that follows from the facts only released. */
function wishFor(
  { tellings }: Script,
  order: number,
  { id, openedAt, message }: Case,
  how: Judged['how'],
): { readonly judged: Omit<Judged, 'moment'>; readonly body: object } {
  const about = { caseId: id.slice(id.indexOf('.') + 1), cameAt: Date.parse(openedAt) };
  if (message === null) return { judged: { how: 'release', ...about }, body: {} };
  const telling = tellings.findIndex(
    (each) => each.order === order && each.kind !== 'right' && each.message['modifiedAt'] === message.modifiedAt,
  );
  const { kind, edits } = tellings[telling] as Telling;
  if (kind === 'poison') return { judged: { how: 'reject', telling, ...about }, body: {} };
  return { judged: { how, telling, ...about }, body: how === 'fix' ? { edits } : {} };
}
