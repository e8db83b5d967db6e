/** The plans of what a piece of code asks the database, taken while it runs. */
import type { Db, Sql } from '../../apps/server/src/platform/index.ts';

export interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  /** Of one loop. */
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** Answers as the database does and leaves the plan of each statement in `plans`. */
export function plansOf(db: Db, plans: Plan[]): Sql {
  return {
    ...db,
    async query<R>(text: string, values?: readonly unknown[]) {
      const { rows } = await db.query<{ 'QUERY PLAN': unknown }>(`explain (analyze, timing off, format json) ${text}`, values);
      const plan = rows[0]?.['QUERY PLAN'];
      plans.push((typeof plan === 'string' ? JSON.parse(plan) : plan)[0].Plan as Plan);
      return db.query<R>(text, values);
    },
  };
}

export const walkPlans = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(walkPlans)];

/** Rows of a table, and entries of its indexes, that were touched; those that a filter threw away included. */
export const rowsRead = (nodes: readonly Plan[], table: string): number =>
  nodes
    .filter(
      (node) => node['Relation Name'] === table || (node['Node Type'] === 'Bitmap Index Scan' && node['Index Name']?.startsWith(table)),
    )
    .reduce((sum, node) => sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'], 0);
