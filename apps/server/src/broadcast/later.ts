/** Orders of a replay that wait: behind a failed delivery, or for their next try. Pure. */

export interface Later {
  readonly place: number;
  readonly dueAt: number;
  readonly tries: number;
  /** Behind a delivery that failed. */
  readonly isParked: boolean;
}
export interface LaterList {
  readonly parked: number;
  add(later: Later): void;
  /** The one that is due first, if it is due now. */
  takeDue(now: number): Later | undefined;
  clear(): void;
}

export function createLaterList(): LaterList {
  let waiting: Later[] = [];
  let [first, parked] = [0, 0];
  /** Behind all that are due at the same time. */
  const placeFor = (dueAt: number): number => {
    let [low, high] = [first, waiting.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((waiting[middle] as Later).dueAt <= dueAt) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    get parked() {
      return parked;
    },
    add(later) {
      waiting.splice(placeFor(later.dueAt), 0, later);
      if (later.isParked) parked++;
    },
    takeDue(now) {
      const next = waiting[first];
      if (next === undefined || next.dueAt > now) return undefined;
      first++;
      if (2 * first > waiting.length) [waiting, first] = [waiting.slice(first), 0];
      if (next.isParked) parked--;
      return next;
    },
    clear() {
      [waiting, first, parked] = [[], 0, 0];
    },
  };
}
