/** The idempotency key of what a person wishes: pressing again after a lost answer is the same wish, on the version that was seen at the first press. */
import { useState } from 'react';
import { ApiError, newIdempotencyKey } from '../api/client.ts';

export interface Pressed {
  readonly key: string;
  readonly version: number;
}
export interface Wishes {
  /** The same key and version for each press of one wish until there is a definite answer to it. */
  press(wish: unknown, version?: number): Pressed;
  settle(wish: unknown, error: unknown): void;
}

/** The server may have done it all the same: no answer, a fault on the way, or an answer that is not Weir's. */
const isUnknown = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status >= 500 || error.code === 'network.odd');

export function createWishes(newKey: () => string = newIdempotencyKey): Wishes {
  const open = new Map<string, Pressed>();
  return {
    press(wish, version = 0) {
      const text = JSON.stringify(wish);
      const pressed = open.get(text) ?? { key: newKey(), version };
      open.set(text, pressed);
      return pressed;
    },
    settle(wish, error) {
      if (!isUnknown(error)) open.delete(JSON.stringify(wish));
    },
  };
}

/** One's own for each form, as long as it is shown. */
export const useWishes = (): Wishes => useState(() => createWishes())[0];
