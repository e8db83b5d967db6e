/** What an endpoint is told of an event: the public state; while an order is withheld only that it is held. Personal fields only as granted. */
import { DIGEST_FIELDS, WITHHOLDING, type OrderState } from '@weir/contract';
import { stateDigest } from '@weir/core';
import { type Keys, openGranted } from '#access';
import type { Db } from '#platform';
import { sealedBundleOf } from './bundle.ts';
import { holdsForOutside } from './shown.ts';
import { findOrder } from './store.ts';

interface StoredEvent {
  readonly partition: number;
  readonly subjectKey: string;
  readonly type: string;
  readonly detail: string;
  readonly state: string;
}
interface Audience {
  readonly id: string;
  readonly eventTypes: readonly string[] | null;
  readonly shops: readonly string[] | null;
  readonly fields: readonly string[] | null;
  readonly personalFields: readonly string[];
}

/** Heard whatever types an endpoint chose: after a restore the version goes on from another number, and who holds a person's data must hear that it is to go. */
export const ALWAYS_TOLD = ['order.restored', 'order.erased'];
/** What tells orders from each other is always there. */
const ALWAYS = ['orderKey', 'version'];
/** Inside a JSON text the inner quotes would stand behind backslashes, so this is the list itself and nothing else. */
const NO_HOLDS = '"holds":[]';

export function orderProjection(deps: { readonly db: Db; readonly keys: Keys }) {
  return {
    wants(event: StoredEvent, { eventTypes, shops }: Audience): boolean {
      if (eventTypes !== null && !eventTypes.includes(event.type) && !ALWAYS_TOLD.includes(event.type)) return false;
      return shops === null || shops.includes(shopOf(event));
    },
    /** JSON text. */
    tell(event: StoredEvent, audience: Audience): string | Promise<string> {
      return audience.personalFields.length === 0 ? publicData(event, audience.fields) : withPersonal(deps, event, audience);
    },
    /** May its state go out? Not while a person must look at it, or before its first detail has come. */
    mayShow(event: StoredEvent & { readonly withheld: boolean }): boolean {
      return !event.withheld && !(JSON.parse(event.state) as OrderState).holds.some((hold) => WITHHOLDING.has(hold.kind));
    },
    /** Over those of the digest fields that this audience is told; null when it is told no state. */
    digest(event: StoredEvent, { fields }: Audience): string | null {
      const order = JSON.parse(event.state) as OrderState;
      if (isOnlyHeld(event, order)) return null;
      return stateDigest(
        order,
        fields === null ? DIGEST_FIELDS : DIGEST_FIELDS.filter((name) => ALWAYS.includes(name) || fields.includes(name)),
      );
    },
  };
}

const known = new WeakMap<StoredEvent, string>();
function shopOf(event: StoredEvent): string {
  const before = known.get(event);
  if (before !== undefined) return before;
  const { channel, shop } = JSON.parse(event.state) as OrderState;
  known.set(event, `${channel}/${shop}`);
  return `${channel}/${shop}`;
}

/** The state as it stands in the log, where nothing of it is to be left out: parsing and writing it anew costs more than a signature. */
function publicData(event: StoredEvent, fields: readonly string[] | null): string {
  if (fields === null && event.type !== 'order.held' && event.state.includes(NO_HOLDS))
    return `{"order":${event.state},"detail":${event.detail}}`;
  const order = JSON.parse(event.state) as OrderState;
  if (isOnlyHeld(event, order))
    return JSON.stringify({ orderKey: order.orderKey, version: order.version, held: [...new Set(order.holds.map((hold) => hold.kind))] });
  const shown = { ...order, holds: holdsForOutside(order.holds) };
  if (fields === null) return `{"order":${JSON.stringify(shown)},"detail":${event.detail}}`;
  const chosen = Object.entries(shown).filter(([name]) => ALWAYS.includes(name) || fields.includes(name));
  return JSON.stringify({ order: Object.fromEntries(chosen) }); // the detail names values of any field
}

const isOnlyHeld = (event: StoredEvent, order: OrderState): boolean =>
  event.type === 'order.held' && order.holds.some((hold) => WITHHOLDING.has(hold.kind));

/** Events hold no personal data: what was granted is today's bundle, whichever version of the order is told. */
async function withPersonal({ db, keys }: { db: Db; keys: Keys }, event: StoredEvent, audience: Audience): Promise<string> {
  const data = publicData(event, audience.fields);
  if (isOnlyHeld(event, JSON.parse(event.state) as OrderState)) return data;
  const order = await findOrder(db, event.partition, event.subjectKey);
  const personal = order && {
    bundleVersion: order.bundleVersion,
    values: openGranted(sealedBundleOf(keys, order), { reader: audience.id, fields: audience.personalFields }),
  };
  return `${data.slice(0, -1)},"personal":${JSON.stringify(personal)}}`;
}
