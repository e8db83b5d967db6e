/** Whether the session of whoever sits here has ended. What was typed stays on the page; a dialog over it logs in again. */
import { useSyncExternalStore } from 'react';

let hasEnded = false;
const watchers = new Set<() => void>();
export function sessionEnded(is: boolean): void {
  if (is === hasEnded) return;
  hasEnded = is;
  for (const watcher of watchers) watcher();
}
const watch = (watcher: () => void): (() => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};
export const useSessionEnded = (): boolean => useSyncExternalStore(watch, () => hasEnded);
