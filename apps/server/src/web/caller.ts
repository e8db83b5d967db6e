import type { AuditVia, Role } from '@weir/contract';
import type { FastifyRequest } from 'fastify';

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

/** Who sent a request; null: a stranger, or somebody who is one by now. `isFresh` asks past what is remembered for some seconds. */
export type Authenticate = (request: FastifyRequest, options?: { readonly isFresh?: boolean }) => Promise<Caller | null>;
