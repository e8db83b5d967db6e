/** Live changes. A hint to look again, never the truth: lines may be lost on the way, lists and pages never are. */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { StreamItem } from './types.ts';

export type StreamState = 'connecting' | 'live' | 'down';
const REOPEN_MS = 5_000;

let source: EventSource | null = null;
let state: StreamState = 'connecting';
let reopen: ReturnType<typeof setTimeout> | undefined;
const watchers = new Set<() => void>();
const listeners = new Set<(items: readonly StreamItem[]) => void>();

function tell(next: StreamState): void {
  if (next === state) return;
  state = next;
  for (const watch of watchers) watch();
}

/** Opens it once; it lives until `closeStream`. */
export function openStream(): void {
  if (source !== null) return;
  clearTimeout(reopen);
  source = new EventSource('/v1/stream');
  source.onopen = () => tell('live');
  source.onerror = () => {
    const isClosed = source?.readyState === EventSource.CLOSED;
    tell(isClosed ? 'down' : 'connecting');
    if (!isClosed) return; // the browser reconnects by itself
    source = null;
    reopen = setTimeout(openStream, REOPEN_MS);
  };
  source.addEventListener('changes', (event) => {
    const { items } = JSON.parse(String(event.data)) as { items: readonly StreamItem[] };
    for (const listen of listeners) listen(items);
  });
}

export function closeStream(): void {
  clearTimeout(reopen);
  source?.close();
  source = null;
  tell('connecting');
}

const watch = (watcher: () => void): (() => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};
export const useStreamState = (): StreamState => useSyncExternalStore(watch, () => state);

/** Calls the newest `listener` with each bundle of changes while the component is shown. */
export function useChanges(listener: (items: readonly StreamItem[]) => void): void {
  const newest = useRef(listener);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(() => {
    const listen = (items: readonly StreamItem[]): void => newest.current(items);
    listeners.add(listen);
    return () => {
      listeners.delete(listen);
    };
  }, []);
}
