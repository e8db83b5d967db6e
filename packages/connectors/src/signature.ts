/** Comparing what somebody signed with what is right. */
import { timingSafeEqual } from 'node:crypto';

/** Compares in a time that tells nothing about where two texts differ. */
export function isSameSignature(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
