import type pg from 'pg';

export interface Rows<R> {
  readonly rows: R[];
  /** Rows returned or changed. */
  readonly rowCount: number;
}

/** Somewhere SQL can be sent: the pool (each statement its own transaction) or one transaction. All errors are Faults. */
export interface Sql {
  query<R = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Rows<R>>;
  /** Prepared once per connection under `name`, which must stand for one text only. */
  queryNamed<R = Record<string, unknown>>(name: string, text: string, values?: readonly unknown[]): Promise<Rows<R>>;
}

export function statement(text: string, values: readonly unknown[] | undefined, name?: string): pg.QueryConfig {
  return {
    text,
    ...(values === undefined ? {} : { values: values as unknown[] }),
    ...(name === undefined ? {} : { name }),
  };
}

/** One statement on one connection; a text of several statements answers the last one's rows. */
export async function run<R>(client: pg.ClientBase, query: pg.QueryConfig | pg.Submittable): Promise<Rows<R>> {
  const result = (await client.query(query as pg.QueryConfig)) as unknown as pg.QueryResult | pg.QueryResult[];
  const last = Array.isArray(result) ? result.at(-1) : result;
  return { rows: (last?.rows ?? []) as R[], rowCount: last?.rowCount ?? 0 };
}
