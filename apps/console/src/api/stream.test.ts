import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeStream, onMissed, openStream, streamState } from './stream.ts';

/** A line as the browser keeps it; the test says what comes over it. */
class Line extends EventTarget {
  static readonly CLOSED = 2;
  static all: Line[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor() {
    super();
    Line.all.push(this);
  }
  close(): void {
    this.readyState = Line.CLOSED;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  fail(readyState: number): void {
    this.readyState = readyState;
    this.onerror?.();
  }
  hear(type: string, data: object): void {
    this.dispatchEvent(Object.assign(new Event(type), { data: JSON.stringify(data) }));
  }
}
const line = (): Line => Line.all.at(-1) as Line;
let misses = 0;
let forget: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', Line);
  Line.all = [];
  misses = 0;
  forget = onMissed(() => {
    misses += 1;
  });
  openStream();
});
afterEach(() => {
  forget();
  closeStream();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('a line that beats is live; one that is silent for longer is down, and is opened anew', () => {
  expect(streamState()).toBe('connecting');
  line().open();
  for (let n = 0; n < 4; n += 1) {
    vi.advanceTimersByTime(15_000);
    line().hear('beat', { works: true });
  }
  expect([streamState(), Line.all.length]).toEqual(['live', 1]);
  vi.advanceTimersByTime(35_000);
  expect([streamState(), line().readyState]).toEqual(['down', Line.CLOSED]);
  vi.advanceTimersByTime(5_000);
  expect(Line.all.length).toBe(2);
});

test('after a gap everything is asked again, and the first opening is no gap', () => {
  line().open();
  expect(misses).toBe(0);
  line().fail(0);
  expect(streamState()).toBe('connecting');
  line().open();
  vi.advanceTimersByTime(0);
  expect([streamState(), misses]).toEqual(['live', 1]);
  line().fail(Line.CLOSED);
  expect(streamState()).toBe('down');
  vi.advanceTimersByTime(5_000);
  line().open();
  vi.advanceTimersByTime(0);
  expect([streamState(), misses]).toEqual(['live', 2]);
});

test('what the server could not tell is asked for, and not at every half second of a rush', () => {
  line().open();
  for (let n = 0; n < 20; n += 1) {
    line().hear('missed', {});
    vi.advanceTimersByTime(500);
  }
  expect(misses).toBe(3);
  vi.advanceTimersByTime(60_000);
  expect(misses).toBe(3);
});

test('a standby is not called live, and is asked at its beats', () => {
  line().open();
  line().hear('beat', { works: false });
  vi.advanceTimersByTime(0);
  expect([streamState(), misses]).toEqual(['standby', 1]);
  line().hear('beat', { works: true });
  vi.advanceTimersByTime(10_000);
  expect([streamState(), misses]).toEqual(['live', 1]);
});
