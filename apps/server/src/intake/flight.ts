/** Lines of imports on their way through intake, side by side: bounded in number for each import, and in bytes for the whole house. */

/** Room for so many bytes; who finds none waits his turn. */
export interface Room {
  take(bytes: number): Promise<void>;
  give(bytes: number): void;
}
export function createRoom(most: number): Room {
  const waiting: { readonly bytes: number; readonly enter: () => void }[] = [];
  let inside = 0;
  const admit = (): void => {
    for (let next = waiting[0]; next !== undefined && (inside === 0 || inside + next.bytes <= most); next = waiting[0]) {
      waiting.shift();
      inside += next.bytes;
      next.enter();
    }
  };
  return {
    take: (bytes) =>
      new Promise((enter) => {
        waiting.push({ bytes, enter });
        admit();
      }),
    give(bytes) {
      inside -= bytes;
      admit();
    },
  };
}

export interface Flight {
  /** Returns when there is room for the next one; throws what earlier work threw. */
  board(bytes: number, work: () => Promise<void>): Promise<void>;
  /** When all that is inside is done. */
  landed(): Promise<void>;
  check(): void;
}

/** Runs work side by side, at most `most` at once; the first fault is thrown at whoever boards next. */
export function createFlight(most: number, room: Room): Flight {
  let inside = 0;
  let fault: { readonly error: unknown } | undefined;
  let changed: () => void = () => {};
  const until = async (isFine: () => boolean): Promise<void> => {
    while (!isFine())
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
  };
  const check = (): void => {
    if (fault) throw fault.error;
  };
  return {
    check,
    async board(bytes, work) {
      check();
      await room.take(bytes);
      inside += 1;
      void work()
        .catch((error: unknown) => {
          fault ??= { error };
        })
        .finally(() => {
          inside -= 1;
          room.give(bytes);
          changed();
        });
      if (inside >= most) await until(() => inside < most);
    },
    landed: () => until(() => inside === 0),
  };
}
