/** Reading the audit: who changed what, from where. */
import { AuditKeyAnswer, AuditList } from '@weir/contract';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Db } from '#platform';
import { cursor, filterText, instant, limit, limitOf, route } from '#web';
import type { ShownKey } from './audit-key.ts';
import { type AuditPlace, listAudit, type ListedRecord } from './audit-store.ts';

const LIMIT = 200;
const USUAL = 50;
/** Microseconds, process, day, serial. */
const CURSOR = '^[0-9]{1,17} [A-Za-z0-9-]{1,60} [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{1,9}$';

const toItem = (row: ListedRecord) => ({
  id: `${row.process} ${row.day} ${row.serial}`,
  at: new Date(row.at).toISOString(),
  who: row.who,
  name: row.name,
  via: row.via,
  address: row.address,
  what: row.what,
  subject: row.subject,
  detail: JSON.parse(row.detail) as object,
});

export function auditRoutes(app: FastifyInstance, { db, key }: { readonly db: Db; readonly key: ShownKey }): void {
  const list = {
    id: 'listAudit',
    method: 'GET',
    path: '/v1/audit',
    tag: 'access',
    zh: '审计：谁在什么时候、从哪里改了什么，最近的在前',
    en: 'the audit: who changed what, when and from where, the newest first',
    query: Type.Object(
      { who: filterText, what: filterText, subject: filterText, from: instant, to: instant, limit: limit(LIMIT), cursor: cursor(CURSOR) },
      { additionalProperties: false },
    ),
    answers: { 200: AuditList },
  } as const;
  route(app, list, async ({ query: { limit: wanted, cursor: after, who = null, what = null, subject = null, from = null, to = null } }) => {
    const most = limitOf(wanted, USUAL, LIMIT);
    const place = after === undefined ? null : (after.split(' ') as unknown as AuditPlace);
    const rows = await listAudit(db, { who, what, subject, from, to }, most + 1, place);
    const last = rows.length > most ? rows[most - 1] : undefined;
    return { items: rows.slice(0, most).map(toItem), nextCursor: last === undefined ? null : last.place.join(' ') };
  });
  const shown = {
    id: 'readAuditKey',
    method: 'GET',
    path: '/v1/audit/key',
    tag: 'access',
    zh: '给审计链头签名的公钥；请在别处记下它的指纹',
    en: 'the public key that signs heads of the audit; keep its fingerprint somewhere else',
    answers: { 200: AuditKeyAnswer },
  } as const;
  route(app, shown, () => key);
}
