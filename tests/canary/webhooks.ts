/** Where the bodies that endpoints receive join the evidence. */
import type { TestHouse } from '../support/index.ts';
import type { Evidence } from './find.ts';

export function deliveredWebhooks(_house: TestHouse): { bodies(): Promise<Evidence[]> } {
  return { bodies: async () => [] };
}
