import type { Role } from '@weir/contract';

/** Who is calling. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** `channel/shop` each; null = every shop. */
  readonly shops: ReadonlySet<string> | null;
}
