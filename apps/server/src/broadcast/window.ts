/**
 * The sliding window of one consumer: what was read beyond the saved cursor and is not settled there yet. Pure.
 *
 * The cursor of a partition stands just below its lowest unfinished event, so a crash sends again at most what the window holds.
 */
interface Place {
  readonly partition: number;
  readonly position: number;
  finished: boolean;
}
export type { Place };

export interface Window {
  /** Per partition the newest position that was read. */
  readonly readTo: readonly number[];
  /** How many more events may be read now. */
  room(): number;
  /** Events of a partition are admitted in the order of their positions. */
  admit(partition: number, position: number): Place;
  finish(place: Place): void;
  /** Just below the lowest unfinished event of each partition. */
  cursor(): number[];
  /** Events that the cursor has passed and the saved one has not. */
  unsaved(): number;
  /** The last `cursor()` is stored: what it passed leaves the window. */
  saved(count: number): void;
}

export function createWindow(saved: readonly number[], limit: number): Window {
  const readTo = [...saved];
  const cursor = [...saved];
  const places: Place[][] = saved.map(() => []);
  let [size, unsaved] = [0, 0];

  /** Finished places at the front let the cursor move. Cut off in one piece: shifting one by one would move the rest each time. */
  const advance = (partition: number): void => {
    const queue = places[partition] as Place[];
    let passed = 0;
    while (queue[passed]?.finished) passed++;
    cursor[partition] = (queue[passed - 1] as Place).position;
    queue.splice(0, passed);
    unsaved += passed;
  };
  return {
    readTo,
    room: () => limit - size,
    admit(partition, position) {
      const place = { partition, position, finished: false };
      (places[partition] as Place[]).push(place);
      readTo[partition] = position;
      size++;
      return place;
    },
    finish(place) {
      place.finished = true;
      if (places[place.partition]?.[0] === place) advance(place.partition);
    },
    cursor: () => [...cursor],
    unsaved: () => unsaved,
    saved(count) {
      unsaved -= count;
      size -= count;
    },
  };
}
