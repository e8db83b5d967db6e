/** Asks a channel to send a shop's messages: once after the shop was connected, and again when its credentials or the app's change. */
import type { Desk } from './desk.ts';
import type { DirectoryKeeper } from './directory.ts';
import { shopName } from './directory.ts';
import { pauseAfter } from './ladder.ts';
import type { Line } from './lines.ts';
import { type PermitFor, savePermit, savePermitError } from './link-store.ts';
import { readAccess } from './store.ts';
import { textOf } from './token-keeper.ts';

/** A no that will not change by itself is asked about again so often all the same: nobody tells us when the seller has agreed. */
const REFUSED_PAUSE_MS = 3_600_000;

export interface PermitState {
  failures: number;
  due: number;
}

export async function permitOnce(desk: Desk, directory: DirectoryKeeper, line: Line, state: PermitState): Promise<false> {
  const { adapter, channel, shop } = line;
  if (adapter.permit === undefined) return false;
  const { apps, shops } = await directory.read();
  const row = shops.get(shopName(channel, shop));
  const app = apps.get(row?.appId ?? '');
  const now = desk.clock.now();
  const isDue = state.due <= now || state.due - now > REFUSED_PAUSE_MS;
  if (row === undefined || app === undefined || row.permittedAt !== null || !isDue) return false;
  const asked: PermitFor = {
    channel,
    shop,
    credentials: (await readAccess(desk.db, channel, shop))?.credentials ?? null,
    wrappedSecret: app.wrappedSecret,
  };
  const answer = await adapter.permit(line.call);
  if (!desk.mayWork()) return false;
  if (answer.ok || answer.failure.class === 'already_done') {
    [state.failures, state.due] = [0, 0];
    await savePermit(desk.db, asked, desk.clock.now());
    directory.forget();
    return false;
  }
  const { failure } = answer;
  state.failures += 1;
  const pause = failure.class === 'do_not' ? REFUSED_PAUSE_MS : pauseAfter(Math.min(state.failures, 4), desk.dice, failure.retryAfterMs);
  state.due = desk.clock.now() + Math.min(pause ?? REFUSED_PAUSE_MS, REFUSED_PAUSE_MS);
  await savePermitError(desk.db, asked, textOf(failure));
  desk.log.event('permit.failed', { channel, shop, class: failure.class, code: failure.code, failures: state.failures });
  return false;
}
