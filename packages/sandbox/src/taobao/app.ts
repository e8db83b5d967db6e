/** An app of the simulated platform: the same seed has the same secret, so that Weir finds the sandbox again after a restart. */
import { createHash } from 'node:crypto';
import type { SandboxApp } from '../market/platform.ts';

export const taobaoApp = (seed: number, messages: 'queue' | 'socket' = 'queue'): SandboxApp => ({
  key: '23475061',
  secret: createHash('sha256').update(`weir sandbox taobao ${seed}`).digest('hex').slice(0, 32),
  settings: { messages },
});
