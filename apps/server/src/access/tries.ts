/** Counts what failed, so that guessing ends soon: by login, by address. In memory and bounded; it forgets the oldest first. */
import { clientOf } from '#web';

const TRACKED = 10_000;

export interface Tries {
  /** Seconds until `key` may try again; 0 = now. */
  waitSeconds(key: string, now: number): number;
  failed(key: string, now: number): void;
  forget(key: string): void;
}

interface Limits {
  readonly most: number;
  readonly windowMs: number;
  /** A key was closed by its last failure. */
  readonly closed?: (key: string) => void;
}
/** The same by the client behind an address. */
export function createAddressTries(limits: Limits): Tries {
  const tries = createTries(limits);
  return {
    waitSeconds: (address, now) => tries.waitSeconds(clientOf(address), now),
    failed: (address, now) => tries.failed(clientOf(address), now),
    forget: (address) => tries.forget(clientOf(address)),
  };
}

/** After `most` failures within `windowMs` the rest of that window is closed to the key. */
export function createTries({ most, windowMs, closed = () => {} }: Limits): Tries {
  const failures = new Map<string, { readonly count: number; readonly since: number }>();
  const known = (key: string, now: number) => {
    const found = failures.get(key);
    return found !== undefined && found.since + windowMs > now ? found : undefined;
  };
  return {
    waitSeconds(key, now) {
      const found = known(key, now);
      return found === undefined || found.count < most ? 0 : Math.ceil((found.since + windowMs - now) / 1_000);
    },
    failed(key, now) {
      const { count, since } = known(key, now) ?? { count: 0, since: now };
      failures.delete(key); // and set again: the order of the map is that of the last failures
      failures.set(key, { count: count + 1, since });
      if (count + 1 === most) closed(key);
      if (failures.size > TRACKED) failures.delete(failures.keys().next().value as string);
    },
    forget: (key) => void failures.delete(key),
  };
}
