/** One delivery in full: the request is made again from the log, which never changes. Nothing of it was kept. */
import type { Db } from '#platform';
import { type DeliveryItem, findDelivery, type FoundDelivery, named } from './deliveries.ts';
import type { Audience } from './desk.ts';
import { bodyOf, type LogEvent, webhookId } from './envelope.ts';
import { readAnswer } from './deliveries-store.ts';
import { readReplayIds } from './replays-store.ts';
import { snapshotOf } from './snapshot.ts';
import { readEndpoints, readEvent } from './store.ts';
import type { Projection } from './send.ts';

export interface ShownRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What was sent and is not shown here: the signature is never kept, granted personal fields are read at their own door. */
  readonly leftOut: readonly ('webhook-signature' | 'personal')[];
}
export interface ShownDelivery extends DeliveryItem {
  /** Null when the log no longer has the event. */
  readonly request: ShownRequest | null;
  /** Were the first bytes of the answer kept? They are opened at a door of their own. */
  readonly hasAnswer: boolean;
}
export interface ShowDeps {
  readonly db: Db;
  readonly projection: Pick<Projection, 'tell'>;
  readonly keys: { readonly installationId: string; readonly box: { open(blob: Buffer, place: string): Buffer } };
}

/** What the seal of an answer is bound to. */
export const answerPlace = (
  endpointId: string,
  { subjectKey, version, attempt }: { readonly subjectKey: string; readonly version: number; readonly attempt: number },
): string => `answer ${endpointId} ${subjectKey} ${version} ${attempt}`;

/** Undefined when there is no such endpoint or delivery. */
export async function showDelivery(deps: ShowDeps, endpointId: string, id: string): Promise<ShownDelivery | undefined> {
  const target = (await readEndpoints(deps.db)).find((row) => row.id === endpointId);
  const found = target && (await findDelivery(deps.db, endpointId, id));
  if (target === undefined || found === undefined) return undefined;
  const [item] = (await named(deps.db, [found])) as [DeliveryItem];
  return { ...item, request: await requestOf(deps, target, found), hasAnswer: 'failed' in found && found.failed.hasAnswer };
}

async function requestOf(deps: ShowDeps, target: Audience, found: FoundDelivery): Promise<ShownRequest | null> {
  const { partition, position, at, durationMs, replay } = 'taken' in found ? found.taken : found.failed;
  const told = partition === null || position === null ? null : await readEvent(deps.db, partition, position);
  const id = (await readReplayIds(deps.db, replay > 0 ? [replay] : [])).get(replay);
  if (told === null || (replay > 0 && id === undefined)) return null;
  const event = id === undefined ? told : snapshotOf(told, { serial: replay, id });
  const body = await bodyWithoutPersonal(deps, target, event);
  const headers = {
    'content-type': 'application/cloudevents+json',
    'webhook-id': webhookId(event, target.id),
    'webhook-timestamp': String(Math.floor((at - durationMs) / 1000)),
  };
  return { headers, body, leftOut: ['webhook-signature', ...(target.personalFields.length > 0 ? (['personal'] as const) : [])] };
}

async function bodyWithoutPersonal(deps: ShowDeps, target: Audience, event: LogEvent): Promise<string> {
  const data = await deps.projection.tell(event, { ...target, personalFields: [] });
  return bodyOf(event, deps.keys.installationId, data).toString();
}

/**
 * The first bytes of what was answered to a failed try; undefined when there is no such delivery, null when nothing was kept. `before` is done when
 * it is known that there is one: whatever a stranger types as its id is written nowhere.
 */
export async function openAnswer(
  { db, keys }: ShowDeps,
  endpointId: string,
  id: string,
  before: () => Promise<void>,
): Promise<string | null | undefined> {
  const found = await findDelivery(db, endpointId, id);
  if (found === undefined) return undefined;
  await before();
  const row = 'failed' in found ? await readAnswer(db, endpointId, found.failed.id) : null;
  return row?.sealed ? keys.box.open(row.sealed, answerPlace(endpointId, row)).toString() : null;
}
