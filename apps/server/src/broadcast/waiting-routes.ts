/** What of an endpoint waits or does not agree: parked orders, and orders of which its digest differs. */
import { MismatchList, ParkedList } from '@weir/contract';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Db } from '#platform';
import { cursor, type Declaration, limit, limitOf, route } from '#web';
import { requireEndpoint } from './delivery-routes.ts';
import { failureWords } from './failure-words.ts';
import { listParked } from './parked-store.ts';
import { readMismatches } from './store.ts';

const USUAL_LIMIT = 50;
const LIST_LIMIT = 200;
const CURSOR = '^[0-9]{1,15}\\.[0-9A-Z]{1,40}$';
const query = Type.Object({ limit: limit(LIST_LIMIT), cursor: cursor(CURSOR) }, { additionalProperties: false });

const LIST_PARKED = {
  id: 'listParked',
  method: 'GET',
  path: '/v1/endpoints/{id}/parked',
  tag: 'endpoints',
  zh: '停靠在一个端点的订单，最早的在前：等什么、试了几次、何时再试、为什么失败；:resume 让它们现在就投递',
  en: 'orders that are parked at an endpoint, oldest first: since when, how many tries, when the next one is, why it failed; :resume tries them now',
  query,
  answers: { 200: ParkedList },
  errors: ['endpoint.not_found'],
} as const satisfies Declaration;

const LIST_MISMATCHES = {
  id: 'listMismatches',
  method: 'GET',
  path: '/v1/endpoints/{id}/mismatches',
  tag: 'endpoints',
  zh: '端点自报的摘要与我们告诉它的不一致的订单，最近的在前；后来一致了就不再列出',
  en: 'orders of which the endpoint’s own digest does not agree with what it was told, newest first; gone once it agrees',
  query,
  answers: { 200: MismatchList },
  errors: ['endpoint.not_found'],
} as const satisfies Declaration;

export function waitingRoutes(app: FastifyInstance, { db }: { readonly db: Db }): void {
  route(app, LIST_PARKED, async ({ params: { id }, query: asked }) => {
    await requireEndpoint(db, id);
    const most = limitOf(asked.limit, USUAL_LIMIT, LIST_LIMIT);
    const rows = await listParked(db, id, placeOf(asked.cursor), most);
    return { items: rows.map((row) => ({ ...row, why: failureWords(row.error) })), nextCursor: cursorOf(rows, most, ({ since }) => since) };
  });
  route(app, LIST_MISMATCHES, async ({ params: { id }, query: asked }) => {
    await requireEndpoint(db, id);
    const most = limitOf(asked.limit, USUAL_LIMIT, LIST_LIMIT);
    const items = await readMismatches(db, id, placeOf(asked.cursor), most);
    return { items, nextCursor: cursorOf(items, most, ({ at }) => at) };
  });
}

function placeOf(text: string | undefined): { readonly at: number; readonly subjectKey: string } | null {
  const [at, subjectKey] = text?.split('.') ?? [];
  return at === undefined || subjectKey === undefined ? null : { at: Number(at), subjectKey };
}
function cursorOf<Row extends { readonly subjectKey: string }>(
  rows: readonly Row[],
  most: number,
  timeOf: (row: Row) => string,
): string | null {
  const last = rows.length === most ? rows.at(-1) : undefined;
  return last === undefined ? null : `${Date.parse(timeOf(last))}.${last.subjectKey}`;
}
