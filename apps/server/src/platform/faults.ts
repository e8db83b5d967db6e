/**
 * The ways in which the surroundings fail. A refusal is a returned value and lives in the rooms; what is thrown is one of these.
 * Their messages never hold a value from a row or a parameter, so they may be logged.
 */

export interface FaultOptions {
  readonly message: string;
  /** True when the same work may succeed later without anyone changing anything. */
  readonly retry: boolean;
  readonly cause?: unknown;
}

/** The surroundings failed (database, network, disk): code for machines, message without personal data, retry or not. */
export class Fault extends Error {
  override readonly name: string = 'Fault';
  readonly code: string;
  readonly retry: boolean;

  constructor(code: string, options: FaultOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retry = options.retry;
  }
}

/** The connection was lost while COMMIT was under way: the work is stored wholly or not at all, and nobody here knows which. */
export class CommitUnknown extends Fault {
  override readonly name: string = 'CommitUnknown';

  constructor(cause: unknown) {
    super('database.commit_unknown', {
      message: 'the connection was lost during COMMIT; the transaction is either stored or not',
      retry: true,
      cause,
    });
  }
}

/** Weir cannot start, and a person can do something about it: one sentence in Chinese, one in English, no stack trace shown. */
export class StartProblem extends Error {
  override readonly name: string = 'StartProblem';
  readonly code: string;
  readonly zh: string;
  readonly en: string;

  constructor(code: string, sentences: { readonly zh: string; readonly en: string }, cause?: unknown) {
    super(`${sentences.zh}\n${sentences.en}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.zh = sentences.zh;
    this.en = sentences.en;
  }
}

/** For promises that only a programming error can break; the work stops. */
export function assert(condition: unknown, promise: string): asserts condition {
  if (!condition) throw new Error(`broken promise: ${promise}`);
}
