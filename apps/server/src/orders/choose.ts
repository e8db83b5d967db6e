/** Which orders a replay is about: by key, by the time in which they changed, or by what the list can be asked and when they were paid. */
import { isOrderKey, parseInstant, partitionOfKey } from '@weir/core';
import Type, { type Static } from 'typebox';
import { Fault, type Sql } from '#platform';
import { instant, Refusal } from '#web';
import { chooseAmong, type Chosen } from './choose-store.ts';
import { LIST_FILTERS } from './list-filter.ts';

const strict = { additionalProperties: false } as const;
/** The list's filters and the time of payment. */
export const ReplayQuery = Type.Object({ ...LIST_FILTERS, paidFrom: instant, paidTo: instant }, { ...strict, minProperties: 1 });

export interface Choice {
  readonly keys?: readonly string[] | undefined;
  readonly range?: { readonly from: string; readonly to: string } | undefined;
  readonly query?: Static<typeof ReplayQuery> | undefined;
}

/**
 * From the oldest placed on; of the endpoint's shops only. What is no order of ours is left out. `limit` of them means: there may be more.
 * Refuses `request.invalid`, and `replay.too_wide` when the database does not find them within its time.
 */
export async function chooseOrders(sql: Sql, choice: Choice, shops: readonly string[] | null, limit: number): Promise<readonly Chosen[]> {
  requireInstants(choice);
  const { paidFrom: from, paidTo: to, ...filter } = choice.query ?? {};
  const { keys, range } = choice;
  const wanted = {
    filter,
    paid: { from, to },
    keys: keys && [...new Set(keys)].flatMap(placeOf),
    changed: range && { from: Date.parse(range.from), to: Date.parse(range.to) },
  };
  return chooseAmong(sql, wanted, shops, limit).catch((error: unknown) => {
    throw error instanceof Fault && error.code === 'database.timeout' ? new Refusal('replay.too_wide') : error;
  });
}

const placeOf = (key: string): Chosen[] => (isOrderKey(key) ? [{ partition: partitionOfKey(key), key }] : []);

const TIMES = ['from', 'to', 'placedFrom', 'placedTo', 'paidFrom', 'paidTo'];
const SPANS = [
  ['from', 'to'],
  ['placedFrom', 'placedTo'],
  ['paidFrom', 'paidTo'],
] as const;
const ANY_TIME = '1970-01-01T00:00:00Z';
const NO_TIME = { en: 'there is no such day or time', zh: '没有这个日期或时刻' };
const BEFORE_ITS_BEGIN = { en: 'it ends before it begins', zh: '结束早于开始' };

/** A text of the right shape may still name a day that there is not, or an end before its begin. */
function requireInstants({ range, query }: Choice): void {
  const said: Readonly<Record<string, string | undefined>> = { ...range, ...query };
  const refuse = (name: string, words: typeof NO_TIME): never => {
    throw new Refusal('request.invalid', {}, { problems: [{ pointer: `/${range === undefined ? 'query' : 'range'}/${name}`, ...words }] });
  };
  for (const name of TIMES) if (parseInstant(said[name] ?? ANY_TIME) === null) refuse(name, NO_TIME);
  for (const [from, to] of SPANS) if (Date.parse(said[from] ?? '') > Date.parse(said[to] ?? '')) refuse(to, BEFORE_ITS_BEGIN);
}
