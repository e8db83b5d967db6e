import { systemClock, type Clock } from './clock.ts';
import { describeError, renderFields, type Fields } from './log-render.ts';
import { prettyLine } from './log-pretty.ts';

export type { Fields } from './log-render.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One wide event per unit of work: a steady name (`delivery.attempted`) and fields. Never a person's data: see log-render.ts. */
export interface Log {
  debug(name: string, fields?: Fields): void;
  event(name: string, fields?: Fields): void;
  warn(name: string, fields?: Fields): void;
  error(name: string, error: unknown, fields?: Fields): void;
  /** The same log with fields that every later line carries. */
  with(fields: Fields): Log;
}

export interface LogOptions {
  readonly write?: (line: string) => void;
  readonly level?: LogLevel;
  /** Lines for people instead of JSON; by default when standard output is a terminal. */
  readonly pretty?: boolean;
  readonly clock?: Clock;
}

export interface LogEntry {
  readonly time: string;
  readonly level: Exclude<LogLevel, 'silent'>;
  readonly event: string;
  readonly [field: string]: unknown;
}

export function createLog(options: LogOptions = {}): Log {
  const write = options.write ?? ((line: string) => void process.stdout.write(line));
  const format = (options.pretty ?? (options.write === undefined && process.stdout.isTTY === true)) ? prettyLine : jsonLine;
  const clock = options.clock ?? systemClock;
  const least = LOG_LEVELS.indexOf(options.level ?? 'info');
  const put = (level: LogEntry['level'], event: string, fields: Fields): void => {
    if (LOG_LEVELS.indexOf(level) < least) return;
    write(format({ time: new Date(clock.now()).toISOString(), level, event, ...renderFields(fields) }));
  };
  return bind(put, {});
}

function bind(put: (level: LogEntry['level'], event: string, fields: Fields) => void, base: Fields): Log {
  return {
    debug: (name, fields) => put('debug', name, { ...base, ...fields }),
    event: (name, fields) => put('info', name, { ...base, ...fields }),
    warn: (name, fields) => put('warn', name, { ...base, ...fields }),
    error: (name, error, fields) => put('error', name, { ...base, ...fields, error: describeError(error) }),
    with: (fields) => bind(put, { ...base, ...fields }),
  };
}

function jsonLine(entry: LogEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** For tests and for parts that must stay quiet. */
export const silentLog: Log = createLog({ write: () => {}, level: 'silent' });
