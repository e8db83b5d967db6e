/** Who reads a person's own words. A hold that a person placed has a free text, and what people write is about people. */
import type { Role, StateHold } from '@weir/contract';

const MASK = '***';
/** People who work with the order. Programs read codes, and the owner sees nothing of a single person. */
const READS_WORDS: Readonly<Record<Role, boolean>> = {
  admin: true,
  operations: true,
  customer_service: true,
  finance: true,
  warehouse: true,
  owner: false,
  integration: false,
};

const masked = (hold: StateHold): StateHold => (hold.kind === 'person' ? { ...hold, why: MASK } : hold);

/** The holds as the outside sees them: who placed them and why stays in the house. */
export const holdsForOutside = (holds: readonly StateHold[]): StateHold[] => holds.map(masked).map(({ who: _, ...hold }) => hold);

export const holdsFor = (role: Role, holds: readonly StateHold[]): StateHold[] => (READS_WORDS[role] ? [...holds] : holds.map(masked));
