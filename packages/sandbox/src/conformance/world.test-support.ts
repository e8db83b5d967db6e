/** One channel to be checked: its adapter, its simulated platform, and a shop on it with a clock that only the test moves. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Adapter, Knock } from '@weir/connectors/adapter';
import type { SandboxClock } from '../clock.ts';
import { NotPossible } from '../market/actions.ts';
import type { Stage } from '../market/order.ts';
import type { PlatformOptions, SandboxApp, SimulatedPlatform } from '../market/platform.ts';
import { whereItDiffers } from '../market/compare.ts';
import { createSeller, openSocket, type Seller } from './seller.test-support.ts';

export interface Candidate {
  readonly adapter: Adapter;
  readonly app: SandboxApp;
  readonly shop: string;
  /** A carrier’s code as the platform writes it; `shunfeng` unless said. */
  readonly carrier?: string;
  open(options: PlatformOptions): Promise<SimulatedPlatform>;
}
export type HandClock = SandboxClock & { move(ms: number): void };

/** By which of its roads the messages of this app come. */
export function roadOf({ adapter, app }: Pick<Candidate, 'adapter' | 'app'>): 'door' | 'queue' | 'socket' {
  if (adapter.transport) return adapter.transport(app);
  return adapter.queue ? 'queue' : adapter.socket ? 'socket' : 'door';
}

export const START = Date.parse('2026-02-22T10:00:00+08:00');
export const SECOND = 1_000;
export const HOUR = 3_600_000;

/** Nothing moves it but the test. */
export function handClock(): HandClock {
  let now = START;
  return { now: () => now, sleep: async (ms) => void (now += ms), move: (ms) => void (now += ms) };
}

export interface World {
  readonly clock: HandClock;
  readonly platform: SimulatedPlatform;
  readonly seller: Seller;
  /** What came to our address over HTTP, and what was answered; empty where the platform calls nobody. */
  readonly knocks: readonly Knock[];
  /** Brings everything that the platform has to say to the seller, by the channel's own road. */
  bring(): Promise<void>;
  /** The whole range of seconds that the test has lived through, with a minute around it. */
  everything(): { readonly from: number; readonly to: number };
  close(): Promise<void>;
}

export async function openWorld(candidate: Candidate, seed: number): Promise<World> {
  const clock = handClock();
  const { adapter, app, shop } = candidate;
  const knocks: Knock[] = [];
  let seller: Seller | null = null;
  const server = createServer(async (request, response) => {
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    const url = new URL(request.url ?? '/', 'http://here');
    const method = request.method === 'GET' ? 'GET' : 'POST';
    const knock: Knock = { method, headers: request.headers, query: Object.fromEntries(url.searchParams), body };
    knocks.push(knock);
    const { status, body: said } = (seller as Seller).knock(knock);
    response.writeHead(status).end(typeof said === 'string' ? said : JSON.stringify(said));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const pushUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const platform = await candidate.open({ app, shop, seed, clock, pushUrl });
  seller = createSeller(adapter, platform, clock);
  const mine = seller;
  return {
    clock,
    platform,
    seller: mine,
    knocks,
    async bring() {
      await platform.mailbox.deliver();
      if (roadOf(candidate) === 'queue') while ((await mine.drain()) > 0);
      if (roadOf(candidate) !== 'socket') return;
      const socket = await openSocket(adapter, platform, clock, (messages) => {
        for (const { bytes } of messages) mine.hear(bytes);
        return true;
      });
      socket.tick();
      await platform.mailbox.deliver();
      await socket.close();
    },
    everything: () => ({ from: Math.floor(START / 1_000) - 60, to: Math.floor(clock.now() / 1_000) + 60 }),
    async close() {
      await platform.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** How an order gets to where a check wants it; null where the platform has no such place. */
export function reach(
  world: World,
  to:
    | Stage
    | 'refund_asked'
    | 'refund_agreed'
    | 'refund_paid_in_part'
    | 'refund_withdrawn'
    | 'refund_refused'
    | 'shipped_then_refund_asked'
    | 'address_changed'
    | 'several_lines',
): string | null {
  const { platform, clock } = world;
  const wait = (): void => clock.move(2 * SECOND);
  const steps = (...acts: ((id: string) => unknown)[]): string | null => {
    try {
      const id = platform.place(to === 'deposit_paid' ? { isPresale: true, promotion: 'none' } : { promotion: 'told' });
      for (const act of acts) {
        wait();
        act(id);
      }
      wait();
      return id;
    } catch (error) {
      if (error instanceof NotPossible) return null;
      throw error;
    }
  };
  const pay = (id: string): void => platform.pay(id);
  const ship = (id: string): void => platform.ship(id, { carrier: 'shunfeng', trackingNumber: `SF${id.replaceAll(/\D/g, '').slice(-12)}` });
  let afterSale = '';
  const ask = (id: string): void => void (afterSale = platform.askRefund(id, { fen: 100 }));
  switch (to) {
    case 'unpaid':
      return steps();
    case 'several_lines':
      return steps(pay);
    case 'deposit_paid':
      return platform.can('payDeposit') ? steps((id) => platform.payDeposit(id)) : null;
    case 'under_check':
      return platform.can('release') ? steps((id) => platform.pay(id, { underCheck: true })) : null;
    case 'paid':
      return steps(pay);
    case 'partly_shipped':
      return steps(pay, (id) => {
        const line =
          platform
            .truth()
            .get(id)
            ?.lines.find(([, quantity]) => quantity > 1) ?? platform.truth().get(id)?.lines[0];
        const pieces = (platform.truth().get(id)?.lines ?? []).reduce((sum, [, quantity]) => sum + quantity, 0);
        if (line === undefined || pieces < 2) throw new NotPossible('one piece only');
        platform.ship(id, { carrier: 'shunfeng', trackingNumber: 'SFPART1', lines: [{ lineId: line[0], quantity: 1 }] });
      });
    case 'shipped':
      return steps(pay, ship);
    case 'finished':
      return steps(pay, ship, (id) => platform.finish(id));
    case 'cancelled':
      return platform.can('cancel') ? steps((id) => platform.cancel(id)) : null;
    case 'closed':
      return steps(
        pay,
        (id) => {
          for (const [lineId] of platform.truth().get(id)?.lines ?? []) void platform.askRefund(id, { lineId });
        },
        (id) => {
          for (const each of platform.shown(1_000).find((order) => order.id === id)?.afterSales ?? []) platform.payBack(each.id);
        },
        (id) => {
          const truth = platform.truth().get(id);
          if (truth === undefined || truth.refundedFen >= truth.payableFen) return;
          platform.payBack(platform.askRefund(id, { fen: truth.payableFen - truth.refundedFen }));
        },
      );
    case 'refund_asked':
      return steps(pay, ask);
    case 'refund_agreed':
      return platform.can('agree') ? steps(pay, ask, () => platform.agree(afterSale)) : null;
    case 'refund_paid_in_part':
      return steps(pay, ask, () => platform.payBack(afterSale));
    case 'refund_withdrawn':
      return platform.can('endCase') ? steps(pay, ask, () => platform.endCase(afterSale, 'withdrawn')) : null;
    case 'refund_refused':
      return platform.can('endCase') ? steps(pay, ask, () => platform.endCase(afterSale, 'refused')) : null;
    case 'shipped_then_refund_asked':
      return steps(pay, ship, ask);
    case 'address_changed':
      return platform.can('changeAddress') ? steps(pay, (id) => platform.changeAddress(id)) : null;
  }
}
export const PLACES = [
  'unpaid',
  'deposit_paid',
  'under_check',
  'paid',
  'partly_shipped',
  'shipped',
  'finished',
  'cancelled',
  'closed',
  'refund_asked',
  'refund_agreed',
  'refund_paid_in_part',
  'refund_withdrawn',
  'refund_refused',
  'shipped_then_refund_asked',
  'address_changed',
] as const;
export type Place = (typeof PLACES)[number];

/** Where what the seller holds differs from the platform, in words; none when all is well. Orders that nobody can know of yet are left out. */
export function differences({ platform, seller }: World, ids: Iterable<string> = platform.truth().keys()): string[] {
  const truths = platform.truth();
  return [...ids].flatMap((id) => {
    const truth = truths.get(id);
    if (truth === undefined || !truth.isListed) return [];
    const held = seller.held(id);
    const said = held === undefined ? 'not held' : whereItDiffers(held, truth);
    return said === '' ? [] : [`${id} (${truth.stage}): ${said}`];
  });
}
