/**
 * A wire between two parties that can be cut, frozen, unplugged. A house whose wire to the database is destroyed is as dead as one that was
 * killed, and one whose wire is frozen is as still as a stopped process: nothing inside the house has to help, so nothing inside can hide.
 */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

export interface Wire {
  readonly port: number;
  /** Breaks every connection; new ones are welcome. */
  cut(): void;
  /** Nothing passes until `thaw`; connections stay, also new ones. */
  freeze(): void;
  thaw(): void;
  /** Breaks every connection and refuses new ones until `plug`. */
  unplug(): void;
  plug(): void;
  /** `act` is called once, just before the n-th packet from now on passes, in either direction. */
  atPacket(n: number, act: () => void): void;
  close(): Promise<void>;
}
type State = 'open' | 'frozen' | 'unplugged';

export async function layWire(target: { readonly host: string; readonly port: number }): Promise<Wire> {
  const sockets = new Set<Socket>();
  let state: State = 'open';
  let held: (() => void)[] = [];
  let trap: { left: number; readonly act: () => void } | undefined;

  const pass = (go: () => void): void => {
    if (trap !== undefined && --trap.left <= 0) {
      const { act } = trap;
      trap = undefined;
      act();
    }
    if (state === 'frozen') held.push(go);
    else if (state === 'open') go();
  };
  const join = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('data', (chunk) => pass(() => void (to.destroyed || to.write(chunk))));
    from.on('end', () => pass(() => void to.end()));
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      pass(() => void to.destroy());
    });
  };
  const cut = (): void => {
    held = [];
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer({ noDelay: true }, (near) => {
    if (state === 'unplugged') return void near.destroy();
    const far = connect({ ...target, noDelay: true });
    join(near, far);
    join(far, near);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    freeze: () => void (state = state === 'open' ? 'frozen' : state),
    thaw() {
      if (state !== 'frozen') return;
      state = 'open';
      const waiting = held;
      held = [];
      for (const go of waiting) go();
    },
    unplug() {
      state = 'unplugged';
      cut();
    },
    plug: () => void (state = 'open'),
    atPacket: (n, act) => void (trap = { left: n, act }),
    async close() {
      state = 'unplugged';
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
