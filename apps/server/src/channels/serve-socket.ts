/** One connection to a platform that sends messages over it: what comes is made durable, and only then confirmed. Several messages are under way at once. */
import type { FrameHeard, Kept, MessageSocket } from '@weir/connectors/adapter';
import { keepAll, type Link, LinkBroken, type LinkDeps } from './link.ts';
import { openWire, type Wire, WireBroken } from './wire.ts';

const TICK_MS = 1_000;
/** Frames whose messages are not durable yet; with more, no other frame is taken. */
const UNDER_WAY = 200;
/** Nothing came for so long, not even a ping: nobody is there. */
const SILENT_MS = 300_000;
const MOST_REASON = 100;

/** Until this process may no longer work; throws `LinkBroken` when the connection is over. */
export async function serveSocket(deps: LinkDeps, link: Link, socket: MessageSocket): Promise<void> {
  const { clock } = deps;
  const wire = await openWire(socket.address(link.app, clock.now(), link.baseUrl ?? undefined), deps.stopping).catch(asLinkBroken);
  try {
    await talk(deps, link, socket, wire);
  } catch (error) {
    asLinkBroken(error);
  } finally {
    await wire.close();
  }
}

function asLinkBroken(error: unknown): never {
  throw error instanceof WireBroken ? new LinkBroken(error.code, error.code) : error;
}

async function talk(deps: LinkDeps, link: Link, socket: MessageSocket, wire: Wire): Promise<void> {
  const { clock, steady } = deps;
  const conversation = socket.open(link.app);
  const underWay = new Set<Promise<void>>();
  let fault: { readonly error: unknown } | null = null;
  const take = ({ messages, frames, broken }: FrameHeard): void => {
    wire.send(frames);
    if (messages.length > 0) begin(messages);
    if (broken !== undefined) throw new LinkBroken('conversation', reasonOf(broken));
  };
  const begin = (messages: readonly Kept[]): void => {
    link.heard();
    const keeping = keepAll(deps, link, messages)
      .then((areKept) => areKept && wire.send(conversation.confirm(messages, clock.now())))
      .catch((error: unknown) => void (fault ??= { error }))
      .then(() => void underWay.delete(keeping));
    underWay.add(keeping);
  };
  wire.send(conversation.begin(clock.now()));
  link.up();
  const alive = silence(wire, steady.now());
  let tickedAt = steady.now();
  try {
    while (link.mayWork()) {
      if (fault !== null) throw (fault as { readonly error: unknown }).error;
      const now = steady.now();
      if (now - tickedAt >= TICK_MS || now < tickedAt) {
        tickedAt = now;
        take({ messages: [], ...conversation.tick(clock.now()) });
        if (!alive(now)) throw new LinkBroken('silent', 'silent');
      }
      if (underWay.size >= UNDER_WAY) await Promise.race([...underWay, deps.sleep(TICK_MS).catch(() => {})]);
      else {
        const frame = await wire.next(TICK_MS);
        if (frame !== null) take(conversation.hear(frame, clock.now()));
      }
    }
  } finally {
    await Promise.all(underWay); // and confirm what is durable, if the connection still stands
  }
}

/** Whether anything came within the last minutes; while we do not read, nothing can. */
function silence(wire: Wire, begun: number): (now: number) => boolean {
  let [bytes, since] = [wire.bytesHeard(), begun];
  return (now) => {
    const heard = wire.bytesHeard();
    if (heard !== bytes || now < since) [bytes, since] = [heard, now];
    return now - since < SILENT_MS;
  };
}

/** For the log and for people; numbers as long as a phone's are left out. */
const reasonOf = (text: string): string => text.replaceAll(/\d{7,}/g, '…').slice(0, MOST_REASON);
