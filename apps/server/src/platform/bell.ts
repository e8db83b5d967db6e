/** Wakes those who wait. Whoever notes the count before looking for work misses no ring between the look and the wait. */
export interface Bell {
  ring(): void;
  /** How often it has rung. */
  count(): number;
  /** Resolves when the bell has rung more than `count` times, or after `ms`. */
  past(count: number, ms: number): Promise<void>;
}

export function createBell(): Bell {
  let rings = 0;
  const waiting = new Set<() => void>();
  return {
    count: () => rings,
    ring() {
      rings += 1;
      for (const answer of waiting) answer();
    },
    async past(count, ms) {
      if (rings > count) return;
      await new Promise<void>((resolve) => {
        const end = (): void => {
          waiting.delete(end);
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(end, ms);
        waiting.add(end);
      });
    },
  };
}
