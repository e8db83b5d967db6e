import { CommitUnknown, Fault } from './faults.ts';

/** What pg throws for an answer of the server; a lost connection is an Error without these. */
interface ServerError extends Error {
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly position?: string;
}

const SQLSTATE = /^[0-9A-Z]{5}$/;
/** Classes whose message may quote a value of the row (data, integrity, raise): the quotes are emptied. */
const MAY_QUOTE_VALUES = /^(21|22|23|44|P0)/;
/** 08 connection, 57P01..57P05 the server goes away or is not there yet. */
const CONNECTION = /^(08...|57P0[1-5])$/;
const CONFLICT: ReadonlySet<string> = new Set(['40001', '40P01', '55P03']);
const RESOURCES = /^(53|58)/;

/** The server's answer without detail, hint, context or quoted values, so that it can be kept as a cause and logged. */
export class DatabaseAnswer extends Error {
  override readonly name: string = 'DatabaseAnswer';
  readonly sqlstate: string;
  readonly constraint: string | null;
  readonly table: string | null;
  readonly column: string | null;
  /** Character of the statement, from 1; null when the server names none. */
  readonly position: number | null;

  constructor(error: ServerError, sqlstate: string) {
    super(MAY_QUOTE_VALUES.test(sqlstate) ? error.message.replace(/"[^]*"|\([^]*\)/g, '…') : error.message);
    this.sqlstate = sqlstate;
    this.constraint = error.constraint ?? null;
    this.table = error.table ?? null;
    this.column = error.column ?? null;
    this.position = error.position === undefined ? null : Number(error.position);
  }
}

/** Any error of pg, once, at the edge, as a Fault. Faults pass through. */
export function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (!(error instanceof Error)) return new Fault('database.connection', { message: 'the database connection failed', retry: true });
  const { code } = error as ServerError;
  if (code === undefined || !SQLSTATE.test(code)) return withoutSqlstate(error, code);
  const answer = new DatabaseAnswer(error, code);
  const where = [answer.table, answer.column, answer.constraint].filter((name) => name !== null).join('.');
  const kind = isPartMissingAnswer(code, answer) ? { code: PART_MISSING, retry: true } : kindOf(code);
  return new Fault(kind.code, {
    message: `PostgreSQL ${code}${where === '' ? '' : ` at ${where}`}: ${answer.message}`,
    retry: kind.retry,
    cause: answer,
  });
}

/** A row for which its table has no part: the one violated check that has no name. What is at fault is our upkeep, not the row. */
const PART_MISSING = 'database.part_missing';
const isPartMissingAnswer = (sqlstate: string, { constraint }: DatabaseAnswer): boolean => sqlstate === '23514' && constraint === null;
export const isPartMissing = (error: unknown): boolean => error instanceof Fault && error.code === PART_MISSING;

function kindOf(sqlstate: string): { readonly code: string; readonly retry: boolean } {
  if (CONNECTION.test(sqlstate)) return { code: 'database.connection', retry: true };
  if (CONFLICT.has(sqlstate)) return { code: 'database.conflict', retry: true };
  if (sqlstate === '57014') return { code: 'database.timeout', retry: true };
  if (sqlstate === '25006') return { code: 'database.read_only', retry: true };
  if (RESOURCES.test(sqlstate)) return { code: 'database.resources', retry: true };
  if (sqlstate.startsWith('23')) return { code: 'database.constraint', retry: false };
  return { code: 'database.statement', retry: false };
}

const SOCKET_CODE = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_|ERR_STREAM|ERR_SOCKET)/;
/** pg has no codes for these; the version is pinned and a test cuts a connection, so a changed wording is noticed. */
const LOST_WORDS = /^(Connection terminated|Client has encountered a connection error|timeout expired|Client was closed)/;

function withoutSqlstate(error: Error, code: string | undefined): Fault {
  if (error.message.startsWith('timeout exceeded when trying to connect')) {
    return new Fault('database.busy', { message: 'no database connection became free in time', retry: true });
  }
  if ((code !== undefined && SOCKET_CODE.test(code)) || LOST_WORDS.test(error.message)) {
    return new Fault('database.connection', { message: `the database connection failed: ${code ?? 'lost'}`, retry: true, cause: error });
  }
  if (error instanceof SyntaxError) return new Fault('database.value', { message: 'a stored JSON value cannot be read', retry: false });
  return new Fault('database.client', {
    message: `the statement was not sent or its answer not read: ${error.message}`,
    retry: false,
    cause: error,
  });
}

/** True when the server was not there or went away (also during COMMIT): the surroundings are at fault, not the work. */
export function isConnectionFault(error: unknown): boolean {
  return error instanceof CommitUnknown || (error instanceof Fault && error.code === 'database.connection');
}

/** The violated constraint's name, which a store turns into one of our codes; null when the error is another one. */
export function constraintOf(error: unknown): string | null {
  if (!(error instanceof Fault) || error.code !== 'database.constraint') return null;
  return error.cause instanceof DatabaseAnswer ? error.cause.constraint : null;
}

const DISK_FULL = '53100';
/** True when the database had no room left: nothing was stored, and it goes on by itself when there is room again. */
export const isDiskFull = (error: unknown): boolean => sqlstateOf(error) === DISK_FULL;

/** The five-character SQLSTATE behind a Fault; null when the server did not answer. */
export function sqlstateOf(error: unknown): string | null {
  return error instanceof Fault && error.cause instanceof DatabaseAnswer ? error.cause.sqlstate : null;
}
