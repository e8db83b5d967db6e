import type { ErrorCode, ErrorParams } from '@weir/contract';

/** Thrown by handlers: becomes the problem document of `code`. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
  readonly problems: readonly unknown[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  constructor(
    code: ErrorCode,
    params: ErrorParams = {},
    more: { readonly problems?: readonly unknown[]; readonly retryAfterSeconds?: number } = {},
  ) {
    super(code);
    this.code = code;
    this.params = params;
    this.problems = more.problems;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}
