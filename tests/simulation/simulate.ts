/** One seed, played and judged. */
import type { Evidence } from './evidence.ts';
import { type Finding, judge } from './judge.ts';
import type { Told } from './report.ts';
import { playWorld, Stuck } from './world.ts';

export async function simulate(seed: number, adminUrl: string): Promise<Told> {
  const from = performance.now();
  const played = await playWorld(seed, adminUrl).catch((error: unknown) => {
    if (error instanceof Stuck) return error;
    throw error;
  });
  const seconds = (performance.now() - from) / 1000;
  if (played instanceof Stuck) return { seed, seconds, stuck: played, findings: [{ rule: 'everything is worked', what: played.message }] };
  return { seed, seconds, evidence: played, findings: judge(played) };
}
export type { Evidence, Finding };
