import type { AuditVia, Role } from '@weir/contract';

/** Who is calling. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** `channel/shop` each; null = every shop. */
  readonly shops: ReadonlySet<string> | null;
  /** From where the request came, for the audit. */
  readonly from?: { readonly via: AuditVia; readonly address: string | null };
}
