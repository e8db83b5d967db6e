/** The idempotency key of what a person wishes: pressing again after a lost answer is the same wish, anything else a new one. */
import { useRef } from 'react';
import { ApiError, newIdempotencyKey } from '../api/client.ts';

export function useWishKey(): { readonly keyOf: (wish: unknown) => string; readonly settle: (error: unknown) => void } {
  const last = useRef<{ readonly wish: string; readonly key: string } | null>(null);
  return {
    keyOf: (wish) => {
      const text = JSON.stringify(wish);
      if (last.current?.wish !== text) last.current = { wish: text, key: newIdempotencyKey() };
      return last.current.key;
    },
    /** Only an unknown result keeps the key; a refusal was an answer. */
    settle: (error) => {
      const isUnknown = error instanceof ApiError && (error.status === 0 || error.status >= 500);
      if (!isUnknown) last.current = null;
    },
  };
}
