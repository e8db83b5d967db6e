/** The one door to personal text. */
import type { ErrorCode, ErrorParams } from '@weir/contract';
import { assert, type Clock, type Db, type Sql } from '#platform';
import { openSealed, type PersonalBundle, pick, REVEAL_FIELDS, REVEAL_POLICY, type RevealField, type Sealed } from './sealed.ts';
import { audit, auditIn } from './audit.ts';
import { auditWithin } from './quota.ts';
import type { Caller } from '#web';

/** Reveals a person or token may make in 24 hours. */
const REVEALS_PER_DAY = 300;
export const PURPOSES = ['deliver', 'contact_customer', 'verify_identity', 'finance_check', 'complaint', 'legal'] as const;
export type Purpose = (typeof PURPOSES)[number];

export interface RevealRequest {
  readonly caller: Caller;
  readonly subject: string;
  readonly fields: readonly RevealField[];
  readonly purpose: Purpose;
  readonly note?: string;
  /** Asks whoever gave us a token what it stands for; what is answered is shown and stored nowhere. */
  readonly openToken?: (token: string) => Promise<OpenedToken>;
}
export type OpenedToken =
  | { readonly ok: true; readonly receiver: NonNullable<PersonalBundle['receiver']> }
  | { readonly ok: false; readonly code: ErrorCode; readonly params: ErrorParams };
export type Revealed =
  | { readonly ok: true; readonly values: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly code: ErrorCode; readonly params: ErrorParams };

/** Checks policy and quota, writes the audit record, and only then opens. Refusals are audited as well. */
export async function reveal(
  deps: { readonly db: Db; readonly clock: Clock },
  sealed: Sealed<PersonalBundle>,
  request: RevealRequest,
): Promise<Revealed> {
  const { caller, fields, subject, purpose, note, openToken } = request;
  const allowed = fields.length > 0 && fields.every((field) => REVEAL_POLICY[caller.role].includes(field));
  const detail = { fields, purpose, ...(note ? { note: `(${note.length})` } : {}), ...(openToken ? { fromChannel: true } : {}) };
  if (!allowed) {
    await audit(deps.db, deps.clock.now(), caller, 'reveal.refused', subject, detail);
    return { ok: false, code: 'request.forbidden', params: { role: caller.role } };
  }
  if (!(await auditWithin(deps, caller, ['reveal', subject, detail], REVEALS_PER_DAY)))
    return { ok: false, code: 'reveal.quota', params: { limit: REVEALS_PER_DAY } };
  const bundle = openSealed(sealed);
  const valuesOf = (from: PersonalBundle): Revealed => ({
    ok: true,
    values: Object.fromEntries(fields.map((field) => [field, pick(from, field) ?? null])),
  });
  if (openToken === undefined) return valuesOf(bundle);
  const token = bundle.receiver?.token;
  if (token === undefined) return { ok: false, code: 'reveal.not_from_channel', params: {} };
  const opened = await openToken(token);
  return opened.ok ? valuesOf({ ...bundle, receiver: { ...opened.receiver, token } }) : opened;
}

/** A reader that is no person: an admin granted it these fields once, for as long as it exists. */
export interface Grant {
  /** E.g. the id of an endpoint. */
  readonly reader: string;
  readonly fields: readonly string[];
}

/** Writes the audit record of a grant, in the transaction that makes the reader. Only an admin's door leads here. */
export async function grant(
  deps: { readonly db: Db; readonly clock: Clock },
  tx: Sql,
  caller: Caller,
  { reader, fields }: Grant,
): Promise<void> {
  assert(caller.role === 'admin', 'personal fields are granted by an admin');
  await auditIn(deps.db, tx, deps.clock.now(), caller, ['personal.granted', reader, { fields }]);
}

/** The other half of the door: opens what was granted, and only that. Its audit record is that of the grant. */
export function openGranted(sealed: Sealed<PersonalBundle>, { fields }: Grant): Readonly<Record<string, unknown>> {
  const bundle = openSealed(sealed);
  const granted = REVEAL_FIELDS.filter((field) => fields.includes(field));
  return Object.fromEntries(granted.map((field) => [field, pick(bundle, field) ?? null]));
}
