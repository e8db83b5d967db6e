/**
 * What every channel must do, checked through its adapter against its simulated platform. A new channel's test is one call of `conformance`.
 * A check of something that a platform does not have says so in its name, and then makes sure that the platform has it not.
 */
import { describe } from 'vitest';
import { converges } from './bad-day.test-support.ts';
import { calls, tokens } from './calls.test-support.ts';
import { declares } from './declared.test-support.ts';
import { survives } from './hostile.test-support.ts';
import { walks } from './lists.test-support.ts';
import { hears } from './messages.test-support.ts';
import { reads } from './orders.test-support.ts';
import type { Candidate } from './world.test-support.ts';
import { tells } from './write-back.test-support.ts';

export type { Candidate } from './world.test-support.ts';

export function conformance(candidate: Candidate): void {
  describe(`channel ${candidate.adapter.channel}`, () => {
    declares(candidate.adapter);
    survives(candidate.adapter);
    calls(candidate);
    tokens(candidate);
    reads(candidate);
    walks(candidate);
    hears(candidate);
    tells(candidate);
    converges(candidate);
  });
}
