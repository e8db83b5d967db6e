/** SQL of forgetting an order: everything by which it could be found, listed or worked, gone in the batch's transaction. */
import { arrayOf, type Step } from '#platform';
import { forgetAnswers } from './erase-store.ts';

export interface ForgottenRow {
  readonly partition: number;
  readonly orderKey: string;
  readonly numbers: readonly string[];
}
/** Tables with rows of single orders whose primary keys begin with partition and key. */
const BESIDE = ['order_list', 'review_cases', 'write_backs'] as const;

/** Index entries of phones are left to `sweepPhones`, as after an erasure. */
export function saveForgotten(forgotten: readonly ForgottenRow[], now: number): readonly Step[] {
  if (forgotten.length === 0) return [];
  const [partitions, keys] = [arrayOf.int2(forgotten.map((row) => row.partition)), arrayOf.text(forgotten.map((row) => row.orderKey))];
  const numbers = forgotten.flatMap((row) => row.numbers.map((number) => ({ ...row, number })));
  return [
    ...BESIDE.map((table) => ({
      name: `orders.forget_${table}`,
      text: `delete from ${table} t using unnest($1::smallint[], $2::text[]) as n (p, k) where t.log_partition = n.p and t.order_key = n.k`,
      values: [partitions, keys],
    })),
    forgetAnswers(keys),
    {
      name: 'orders.forget_tracking',
      text: `delete from tracking_index t using unnest($1::text[], $2::smallint[], $3::text[]) as n (number, p, k)
       where t.tracking_number = n.number and t.log_partition = n.p and t.order_key = n.k`,
      values: [
        arrayOf.text(numbers.map((row) => row.number)),
        arrayOf.int2(numbers.map((row) => row.partition)),
        arrayOf.text(numbers.map((row) => row.orderKey)),
      ],
    },
    {
      name: 'orders.forget_phones',
      text: `insert into erasures (log_partition, order_key, at) select p, k, to_timestamp($3::float8 / 1000) from unnest($1::smallint[], $2::text[]) as n (p, k)
       on conflict on constraint erasures_pk do nothing`,
      values: [partitions, keys, now],
    },
  ];
}
