/** One seed, played and judged. */
import { judge } from './judge.ts';
import type { Told } from './report.ts';
import { writeScript } from './script.ts';
import { playWorld, Stuck } from './world.ts';

export async function simulate(seed: number, adminUrl: string): Promise<Told> {
  const from = performance.now();
  const played = await playWorld(writeScript(seed), adminUrl, ({ evidence }) => evidence()).catch((error: unknown) => {
    if (error instanceof Stuck) return error;
    throw error;
  });
  const seconds = (performance.now() - from) / 1000;
  if (played instanceof Stuck) return { seed, seconds, stuck: played, findings: [{ rule: 'everything is worked', what: played.message }] };
  return { seed, seconds, evidence: played, findings: judge(played) };
}
