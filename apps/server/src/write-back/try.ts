/** One try of one order at its channel, and what follows from how it ended. */
import { createHash } from 'node:crypto';
import type { Ask, Told, WriteBack } from '@weir/connectors/adapter';
import type { WriteBackCause } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { createLadder, type Log } from '#platform';
import type { DueRow, Ended } from './store.ts';

export interface TryDeps {
  readonly log: Log;
  /** How a shop's channel is asked, with the shop's token and within its quota; null: the shop is not connected through an app. */
  readonly askOf: (channel: string, shop: string) => Promise<Ask | null>;
  readonly writeBackOf: (channel: string) => WriteBack | undefined;
}
const ladder = createLadder([5, 30]);
const MINUTE = 60_000;
/** People settle these, or the channel does within an hour or two: asking more often tells nothing new. */
const LEAST_PAUSE_MS: Partial<Record<WriteBackCause, number>> = { after_sale_open: 10 * MINUTE, risk_check: 10 * MINUTE };
const REQUEST_ID_LENGTH = 32;

/** The same parcel with the same number is the same request, whoever makes it. */
const requestIdOf = (orderKey: string, id: string, trackingNumber: string): string =>
  createHash('sha256').update(`${orderKey}\0${id}\0${trackingNumber}`).digest('hex').slice(0, REQUEST_ID_LENGTH);

const NOT_CONNECTED: Told = { done: false, packIds: {}, cause: 'not_connected', next: 'person' };
/** No field of the channel's orders can hold our key. */
const NOWHERE_TO_WRITE: Told = { done: true, packIds: {} };

export async function tryOnce(deps: TryDeps, row: DueRow, now: number): Promise<Told> {
  try {
    const ask = await deps.askOf(row.channel, row.shop);
    const writeBack = deps.writeBackOf(row.channel);
    if (ask === null || writeBack === undefined) return NOT_CONNECTED;
    const order: Subject = { kind: 'order', channel: row.channel, shop: row.shop, id: row.channelOrderId };
    if (row.what === 'remark') return (await writeBack.writeOrderKey?.(ask, order, row.orderKey)) ?? NOWHERE_TO_WRITE;
    const parcels = row.wanted.map((parcel) => {
      const packId = Object.hasOwn(row.packIds, parcel.id) ? row.packIds[parcel.id] : undefined;
      const requestId = requestIdOf(row.orderKey, parcel.id, parcel.trackingNumber);
      return { ...parcel, requestId, ...(packId === undefined ? {} : { packId }) };
    });
    return await writeBack.tellShipped(ask, order, parcels, now);
  } catch (error) {
    deps.log.error('write_back.failed', error, { orderKey: row.orderKey, what: row.what });
    return { done: false, packIds: {}, cause: 'failed', next: 'later' };
  }
}

export function endOf(row: DueRow, told: Told, now: number): Ended {
  if (told.done) return { state: 'done', attempts: row.attempts + 1, nextAt: now, cause: null, code: null, packIds: told.packIds };
  const attempts = row.attempts + 1;
  const pause = told.next === 'person' ? null : ladder(attempts, told.failure?.retryAfterMs ?? null);
  const code = told.failure === undefined ? null : `${told.failure.code} ${told.failure.subCode}`.trim();
  const ended = { attempts, cause: told.cause, code, packIds: told.packIds };
  if (pause === null) return { ...ended, state: 'dead', nextAt: now };
  return { ...ended, state: 'due', nextAt: now + Math.max(pause, LEAST_PAUSE_MS[told.cause] ?? 0) };
}
