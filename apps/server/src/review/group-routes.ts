/** What waits for a person, by what the cases have in common, and what can be decided for all of them. */
import { type Problem, PROBLEMS, ReviewGroupList } from '@weir/contract';
import type { FastifyInstance } from 'fastify';
import type { Db } from '#platform';
import { route } from '#web';
import { type GroupRow, listGroups } from './run-store.ts';

const GROUPS = 200;
const isoOf = (ms: number): string => new Date(ms).toISOString();

export function groupRoute(app: FastifyInstance, deps: { readonly db: Db }): void {
  const declaration = {
    id: 'listReviewGroups',
    method: 'GET',
    path: '/v1/review-groups',
    tag: 'reviews',
    zh: '待人工复核按原因归组，最多的在前',
    en: 'what waits for a person by cause, the most frequent first',
    answers: { 200: ReviewGroupList },
  } as const;
  route(app, declaration, async ({ caller }) => ({
    items: (await listGroups(deps.db, caller.shops, GROUPS)).map(toGroup),
    nextCursor: null,
  }));
}
const toGroup = ({ example, oldest, newest, hasMessage, unrouted, ...row }: GroupRow) => {
  const problems = JSON.parse(example) as Problem[];
  return { ...row, oldest: isoOf(oldest), newest: isoOf(newest), problems, decisions: decisionsOf(problems, hasMessage, unrouted) };
};
function decisionsOf(problems: readonly Problem[], hasMessage: boolean, unrouted: boolean): readonly string[] {
  if (unrouted) return ['retry', 'reject'];
  if (!hasMessage) return ['release'];
  const canRelease = problems.every(({ severity, code }) => severity !== 'blocking' || PROBLEMS[code].acceptable);
  return canRelease ? ['release', 'fix', 'reject'] : ['fix', 'reject'];
}
