/**
 * Signs a head of all chains each hour, sooner when much was written, and sends it out of the house: to a file that only grows, and to an
 * address. What could not be sent waits and goes first the next time.
 */
import { FIRST_TIMELINE } from '@weir/core';
import type { Clock, Db, Log } from '#platform';
import type { AuditKey } from './audit-key.ts';
import { appendHeads, lastInFile } from './audit-file.ts';
import { CHAINS_PER_HEAD, FIRST_PREVIOUS, type Head, type HeadOfChain, hashOfLine, signHead } from './audit-head.ts';
import { addHead, countUnheaded, lastHead, notePosted, readUnposted, streamHeads } from './audit-store.ts';

const LOOK_EVERY_MS = 60_000;
const HEAD_EVERY_MS = 3_600_000;
/** A head also when nothing happened: whoever watches from outside then knows that the house lives. */
const QUIET_HEAD_EVERY_MS = 24 * HEAD_EVERY_MS;
const HEAD_AFTER_RECORDS = 1_000;
const POSTS_AT_ONCE = 100;
const POST_TIMEOUT_MS = 10_000;

export interface AuditKeeper {
  start(): void;
  /** Signs what is open, if this process is the one that works. */
  look(force?: boolean): Promise<void>;
  stop(): Promise<void>;
}

export function createAuditKeeper(deps: {
  readonly db: Db;
  readonly key: AuditKey;
  readonly installation: string;
  /** 1, or since the last restore the second in which it was made. */
  readonly timeline: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether this process is the one that works; the others leave it to that one. */
  readonly holds: () => boolean;
  readonly file: string | null;
  readonly url: string | null;
}): AuditKeeper {
  const { db, log, clock, file, url } = deps;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  const isDue = async (): Promise<boolean> => {
    const [last, open] = [await lastHead(db), await countUnheaded(db)];
    if (isRestored(last, deps.timeline)) return true;
    const age = last === null ? Number.POSITIVE_INFINITY : Math.abs(clock.now() - last.at);
    return open >= HEAD_AFTER_RECORDS || age >= QUIET_HEAD_EVERY_MS || (open > 0 && age >= HEAD_EVERY_MS);
  };
  const makeAll = async (force: boolean): Promise<void> => {
    if (!(await isDue()) && !(force && (await countUnheaded(db)) > 0)) return;
    const outside = file === null ? null : await lastInFile(file, deps.key.verify);
    do await addHead(db, CHAINS_PER_HEAD, (last, chains) => nextHead(deps, last, outside, chains, clock.now()));
    while ((await countUnheaded(db)) >= HEAD_AFTER_RECORDS);
  };
  const send = async (): Promise<void> => {
    if (file !== null) await appendHeads(file, deps.key.verify, (after) => streamHeads(db, after));
    if (url === null) return;
    for (const { number, line } of await readUnposted(db, POSTS_AT_ONCE)) {
      await post(url, line);
      await notePosted(db, number, clock.now());
    }
  };
  const look = async (force: boolean): Promise<void> => {
    try {
      if (!deps.holds()) return;
      await makeAll(force);
      await send();
    } catch (error) {
      log.error('audit.head_failed', error, {});
    }
  };
  const queue = (force = false): Promise<void> => (looking = looking.then(() => look(force)));
  return {
    start: () => {
      timer = setInterval(() => void queue(), LOOK_EVERY_MS).unref();
      void queue();
    },
    look: queue,
    async stop() {
      clearInterval(timer);
      await queue(true);
    },
  };
}

type Made = { readonly number: number; readonly at: number; readonly line: string };
/** Numbers of a new timeline lie above its own number, as there are fewer heads than seconds: so none is told twice, also where nobody can say how far the lost house had come. */
const isRestored = (last: { readonly number: number } | null, timeline: number): boolean =>
  timeline !== FIRST_TIMELINE && (last?.number ?? 0) <= timeline;

/** A database that was put back by other means is behind the file: its next head goes on from the file's last, so that no number is told twice. */
function nextHead(
  deps: { readonly key: AuditKey; readonly installation: string; readonly timeline: number },
  last: Made | null,
  outside: { readonly number: number; readonly hash: string } | null,
  chains: readonly HeadOfChain[],
  at: number,
): Made {
  const known = last === null ? null : { number: last.number, hash: hashOfLine(last.line) };
  const before = outside !== null && outside.number > (known?.number ?? 0) ? outside : known;
  const restored = isRestored(last, deps.timeline) ? { timeline: deps.timeline, after: last?.number ?? 0 } : undefined;
  const number = Math.max(before?.number ?? 0, restored?.timeline ?? 0) + 1;
  const previous = before?.hash ?? FIRST_PREVIOUS;
  const head: Head = {
    weir: 'audit-head',
    version: 1,
    installation: deps.installation,
    number,
    at: new Date(at).toISOString(),
    previous,
    ...(restored === undefined ? {} : { restored }),
    chains: [...chains],
  };
  return { number, at, line: signHead(head, deps.key.sign) };
}

async function post(url: string, line: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: line,
    redirect: 'error',
    signal: AbortSignal.timeout(POST_TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the address of the audit's heads answered ${response.status}`);
}
