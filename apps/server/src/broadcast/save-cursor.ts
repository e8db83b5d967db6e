/** Stores how far a consumer has come, now and then and in the background: what was done since is all that a crash sends again. */
import type { Desk } from './desk.ts';
import { saveCursorAndSegments } from './deliveries-store.ts';
import { saveCursor } from './store.ts';
import { untilStored } from './desk.ts';

const SAVE_EVERY_MS = 100;
/** A quarter of the window, so that saving never makes it wait. */
const SAVE_EVERY_EVENTS = 250;

export interface CursorSaver {
  /** Saves when it is time and no save is under way; the window has more room afterwards. */
  saveIfDue(): void;
  /** Milliseconds until the next save is due. */
  dueInMs(): number;
  /** Saves what is left, and returns when it is stored or cannot be. */
  finish(): Promise<void>;
}

export function createCursorSaver(desk: Desk): CursorSaver {
  let saving: Promise<void> | undefined;
  let savedAt = desk.steady.now();

  const save = async (): Promise<void> => {
    const [cursor, count] = [desk.window.cursor(), desk.window.unsaved()];
    desk.reach('broadcast.before_cursor');
    const segments = desk.recorder.unsaved();
    const write = (): Promise<boolean> =>
      segments.length === 0 ? saveCursor(desk.db, desk.hold, cursor) : saveCursorAndSegments(desk.db, desk.hold, cursor, segments);
    if (await untilStored(desk, write)) {
      desk.window.saved(count);
      desk.recorder.saved(segments);
    }
    savedAt = desk.steady.now();
  };
  const isClean = (): boolean => desk.window.unsaved() === 0 && !desk.recorder.isDirty();
  const dueInMs = (): number => (isClean() || saving !== undefined ? Infinity : Math.max(0, savedAt + SAVE_EVERY_MS - desk.steady.now()));
  return {
    dueInMs,
    saveIfDue() {
      if (saving !== undefined || isClean()) return;
      if (desk.window.unsaved() < SAVE_EVERY_EVENTS && dueInMs() > 0) return;
      saving = save().finally(() => {
        saving = undefined;
        desk.wake();
      });
    },
    async finish() {
      await saving;
      if (!isClean()) await save();
    },
  };
}
