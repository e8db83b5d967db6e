import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 20;

/** Waits for a condition, never for a time. Fails by name when it does not come true. */
export async function waitUntil(what: string, condition: () => boolean | Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await sleep(PAUSE_MS);
  }
}
