/** A pause that can be ended early; a wake-up just before it is not lost. */
export interface Nap {
  sleep(ms: number): Promise<void>;
  wake(): void;
}

export function createNap(): Nap {
  let woken = false;
  let end: (() => void) | undefined;
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        const finish = (): void => {
          if (end !== finish) return; // ended already, and perhaps the next pause has begun
          clearTimeout(timer);
          [woken, end] = [false, undefined];
          resolve();
        };
        const timer = setTimeout(finish, ms);
        end = finish;
        if (woken) setImmediate(finish); // the socket's turn comes first, so that a loop that is woken again and again starves nobody
      }),
    wake() {
      if (end === undefined) woken = true;
      else end();
    },
  };
}
