/** Waiting for what must come, and not for ever. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Sender } from './sender.ts';

const NEW_ORDERS = 10;
const PATIENCE_MS = 60_000;

/** So many orders more are acknowledged than now. */
export async function moreOrders(sender: Sender): Promise<void> {
  const from = sender.acknowledgements();
  const more = async (): Promise<void> => {
    while (sender.acknowledgements() < from + NEW_ORDERS) await pause(10);
  };
  await within(more(), `${NEW_ORDERS} more orders are acknowledged`);
}

export async function within<T>(coming: Promise<T>, what: string): Promise<T> {
  const limit = new AbortController();
  const late = pause(PATIENCE_MS, undefined, { signal: limit.signal }).then(
    () => {
      throw new Error(`waited ${PATIENCE_MS} ms in vain: ${what}`);
    },
    () => undefined as never,
  );
  return Promise.race([coming, late]).finally(() => limit.abort());
}
