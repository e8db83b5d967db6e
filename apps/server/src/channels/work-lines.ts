/** Keeps one worker per connected shop busy, side by side, so that a slow platform delays its own shop only. */
import { type Bell, type Log } from '#platform';
import type { Line, Lines } from './lines.ts';

const LOOK_EVERY_MS = 500;
const FAULT_PAUSE_MS = 1_000;

interface Deps {
  readonly lines: Lines;
  readonly bell: Bell;
  readonly log: Log;
  readonly mayWork: () => boolean;
  readonly isStopping: () => boolean;
  readonly sleep: (ms: number) => Promise<unknown>;
}
/** `work` answers whether there may be more at once. Resolves after `isStopping` and a ring. */
export async function workLines(deps: Deps, what: string, work: (line: Line) => Promise<boolean>): Promise<void> {
  const busy = new Map<string, Promise<void>>();
  const run = async (line: Line): Promise<void> => {
    try {
      while (deps.mayWork() && (await work(line)));
    } catch (error) {
      if (deps.isStopping()) return;
      deps.log.error('channel.work_failed', error, { what, channel: line.channel, shop: line.shop });
      await deps.sleep(FAULT_PAUSE_MS).catch(() => {});
    }
  };
  while (!deps.isStopping()) {
    const rings = deps.bell.count();
    if (deps.mayWork())
      for (const line of await deps.lines.all().catch((): Line[] => [])) {
        const name = `${line.channel}/${line.shop}`;
        if (!busy.has(name))
          busy.set(
            name,
            run(line).finally(() => busy.delete(name)),
          );
      }
    await deps.bell.past(rings, LOOK_EVERY_MS);
  }
  await Promise.allSettled(busy.values());
}
