/** What groups of checks share: a world of its own for each, and what to say where a platform has no such thing. */
import { afterAll, beforeAll, expect } from 'vitest';
import { type Candidate, openWorld, type Place, reach, type World } from './world.test-support.ts';

/** A world of its own for each group: what one leaves behind is nothing to the next. */
export function inWorld(candidate: Candidate, seed: number): () => World {
  let world: World | undefined;
  beforeAll(async () => {
    world = await openWorld(candidate, seed);
  });
  afterAll(() => world?.close());
  return () => world as World;
}

/** The platform has no such place: then it must say so itself. */
export function expectAbsent({ platform }: World, place: Place): void {
  const needs: Partial<Record<Place, Parameters<typeof platform.can>[0]>> = {
    deposit_paid: 'payDeposit',
    under_check: 'release',
    cancelled: 'cancel',
    refund_agreed: 'agree',
    refund_withdrawn: 'endCase',
    refund_refused: 'endCase',
    address_changed: 'changeAddress',
  };
  const act = needs[place];
  if (act !== undefined) expect(platform.can(act)).toBe(false);
  else expect(['partly_shipped', 'refund_paid_in_part', 'closed', 'finished', 'shipped_then_refund_asked']).toContain(place);
}

/** A paid order with at least two pieces; null when the platform sells one at a time. */
export function severalPieces(world: World): string | null {
  for (let tried = 0; tried < 20; tried++) {
    const id = reach(world, 'several_lines') as string;
    if ((world.platform.truth().get(id)?.lines ?? []).reduce((sum, [, quantity]) => sum + quantity, 0) > 1) return id;
  }
  return null;
}
