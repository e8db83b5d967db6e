import type { LogEntry } from './log.ts';

const COLOURS = { debug: '\u001b[90m', info: '\u001b[36m', warn: '\u001b[33m', error: '\u001b[31m' } as const;
const GREY = '\u001b[90m';
const PLAIN = '\u001b[0m';

/** One line for a person at a terminal: `12:00:01 delivery.attempted attempt=2 durationMs=31`. */
export function prettyLine(entry: LogEntry): string {
  const { time, level, event, error, ...fields } = entry;
  const shown = Object.entries(fields).map(([name, value]) => ` ${GREY}${name}=${PLAIN}${shortly(value)}`);
  return `${GREY}${time.slice(11, 19)}${PLAIN} ${COLOURS[level]}${event}${PLAIN}${shown.join('')}${error === undefined ? '' : errorLines(error)}\n`;
}

function shortly(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function errorLines(error: unknown): string {
  const { name, message, stack, cause } = error as { name: string; message: string; stack?: readonly string[]; cause?: unknown };
  const frames = (stack ?? []).map((frame) => `\n    at ${frame}`).join('');
  return `\n  ${name}: ${message.replaceAll('\n', '\n  ')}${frames}${cause === undefined ? '' : `\n  cause:${errorLines(cause)}`}`;
}
