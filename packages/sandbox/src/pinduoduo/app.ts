/** The app of a simulated shop: everything that Weir must be told of it. */
import { createHash } from 'node:crypto';
import type { SandboxApp } from '../market/platform.ts';

/** The same for the same seed; never anybody's real one. */
export function pinduoduoApp(seed: number): SandboxApp {
  const name = (what: string): string => createHash('sha256').update(`pinduoduo sandbox ${what} ${seed}`).digest('hex');
  return { key: name('client_id').slice(0, 32), secret: name('client_secret').slice(0, 40) };
}
