/** Which orders a replay is about: by key, by the time in which they changed, or by what the list can be asked and when they were paid. */
import { isOrderKey, parseInstant, partitionOfKey } from '@weir/core';
import Type, { type Static } from 'typebox';
import type { Sql } from '#platform';
import { instant, Refusal } from '#web';
import { changedBetween, chooseAmong, type Chosen, paidBetween } from './choose-store.ts';
import { LIST_FILTERS } from './list-filter.ts';

const strict = { additionalProperties: false } as const;
/** The list's filters and the time of payment. */
export const ReplayQuery = Type.Object({ ...LIST_FILTERS, paidFrom: instant, paidTo: instant }, { ...strict, minProperties: 1 });

export interface Choice {
  readonly keys?: readonly string[] | undefined;
  readonly range?: { readonly from: string; readonly to: string } | undefined;
  readonly query?: Static<typeof ReplayQuery> | undefined;
}

/** From the oldest placed on; of the endpoint's shops only. What is no order of ours is left out. `limit` of them means: there may be more. */
export async function chooseOrders(sql: Sql, choice: Choice, shops: readonly string[] | null, limit: number): Promise<readonly Chosen[]> {
  requireInstants(choice);
  const { paidFrom: _, paidTo: __, ...filter } = choice.query ?? {};
  const among = await candidatesOf(sql, choice, limit);
  return among !== null && among.length >= limit ? among : chooseAmong(sql, filter, among, shops, limit);
}

/** Null: any order may be meant. */
async function candidatesOf(sql: Sql, { keys, range, query }: Choice, limit: number): Promise<readonly Chosen[] | null> {
  if (keys !== undefined) return [...new Set(keys)].flatMap(placeOf);
  if (range !== undefined) return changedBetween(sql, Date.parse(range.from), Date.parse(range.to), limit);
  if (query?.paidFrom === undefined && query?.paidTo === undefined) return null;
  return paidBetween(sql, Date.parse(query.paidFrom ?? EARLIEST), Date.parse(query.paidTo ?? LATEST), limit);
}
const [EARLIEST, LATEST] = ['1970-01-02T00:00:00Z', '2200-01-01T00:00:00Z'];

const placeOf = (key: string): Chosen[] => (isOrderKey(key) ? [{ partition: partitionOfKey(key), key }] : []);

const TIMES = ['from', 'to', 'placedFrom', 'placedTo', 'paidFrom', 'paidTo'];
/** A text of the right shape may still name a day that there is not. */
function requireInstants({ range, query }: Choice): void {
  const wrong = Object.entries({ ...range, ...query }).find(
    ([name, value]) => TIMES.includes(name) && parseInstant(String(value)) === null,
  );
  if (wrong === undefined) return;
  const pointer = `/${range === undefined ? 'query' : 'range'}/${wrong[0]}`;
  throw new Refusal('request.invalid', {}, { problems: [{ pointer, en: 'there is no such day or time', zh: '没有这个日期或时刻' }] });
}
