/** Live changes. A hint to look again, never the truth: lines may be lost on the way, lists and pages never are. */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { StreamItem } from './types.ts';

/** `standby`: the line stands, but the process behind it hears of no changes; who reads must ask. */
export type StreamState = 'connecting' | 'live' | 'standby' | 'down';
const REOPEN_MS = 5_000;
/** The server beats every 5 s: a line that is silent for longer was cut without a word. */
const SILENT_MS = 32_000;
const LOOK_EVERY_MS = 2_000;
/** While thousands of orders come, each half second tells too little; nobody asks everything again that often. */
const ASK_EVERY_MS = 5_000;

let source: EventSource | null = null;
let state: StreamState = 'connecting';
let heardAt = 0;
let hasBeenOpen = false;
let askedAt = 0;
let asking: ReturnType<typeof setTimeout> | undefined;
let reopen: ReturnType<typeof setTimeout> | undefined;
let looking: ReturnType<typeof setInterval> | undefined;
const watchers = new Set<() => void>();
const listeners = new Set<(items: readonly StreamItem[]) => void>();
const missers = new Set<() => void>();

function tell(next: StreamState): void {
  if (next === state) return;
  state = next;
  for (const watcher of watchers) watcher();
}
function missed(): void {
  asking ??= setTimeout(askAgain, Math.max(0, askedAt + ASK_EVERY_MS - Date.now()));
}
function askAgain(): void {
  asking = undefined;
  askedAt = Date.now();
  for (const misser of missers) misser();
}

/** Opens it once; it lives until `closeStream`. */
export function openStream(): void {
  if (source !== null) return;
  clearTimeout(reopen);
  const opened = new EventSource('/v1/stream');
  source = opened;
  heardAt = Date.now();
  looking ??= setInterval(lookForSilence, LOOK_EVERY_MS);
  opened.onopen = () => {
    heardAt = Date.now();
    tell('live');
    if (hasBeenOpen) missed(); // what changed meanwhile was told to nobody
    hasBeenOpen = true;
  };
  opened.onerror = () => {
    const isClosed = opened.readyState === EventSource.CLOSED;
    tell(isClosed ? 'down' : 'connecting');
    if (isClosed) openLater(); // else the browser reconnects by itself
  };
  opened.addEventListener('beat', (event) => {
    heardAt = Date.now();
    const { works } = JSON.parse(String(event.data)) as { works: boolean };
    tell(works ? 'live' : 'standby');
    if (!works) missed();
  });
  opened.addEventListener('missed', missed);
  opened.addEventListener('changes', (event) => {
    heardAt = Date.now();
    const { items } = JSON.parse(String(event.data)) as { items: readonly StreamItem[] };
    for (const listen of listeners) listen(items);
  });
}

function openLater(): void {
  source = null;
  clearTimeout(reopen);
  reopen = setTimeout(openStream, REOPEN_MS);
}
function lookForSilence(): void {
  if (source === null || Date.now() - heardAt < SILENT_MS) return;
  source.close();
  tell('down');
  openLater();
}

export function closeStream(): void {
  clearTimeout(reopen);
  clearInterval(looking);
  looking = undefined;
  source?.close();
  source = null;
  clearTimeout(asking);
  [asking, askedAt, hasBeenOpen] = [undefined, 0, false];
  tell('connecting');
}

const watch = (watcher: () => void): (() => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};
export const streamState = (): StreamState => state;
export const useStreamState = (): StreamState => useSyncExternalStore(watch, streamState);

/** Calls the newest `listener` with each bundle of changes while the component is shown. */
export function useChanges(listener: (items: readonly StreamItem[]) => void): void {
  useNewest(listeners, listener);
}
/** Calls `listener` when changes may have been told to nobody: after a gap, after too many at once, at each beat of a standby. */
export function useMissed(listener: () => void): void {
  useNewest(missers, listener);
}
export function onMissed(listener: () => void): () => void {
  missers.add(listener);
  return () => missers.delete(listener);
}

function useNewest<Args extends readonly unknown[]>(all: Set<(...args: Args) => void>, listener: (...args: Args) => void): void {
  const newest = useRef(listener);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(() => {
    const listen = (...args: Args): void => newest.current(...args);
    all.add(listen);
    return () => {
      all.delete(listen);
    };
  }, [all]);
}
