/** What a command is, and what of the world it may touch. */
import type { Readable } from 'node:stream';
import type { ParseArgsConfig } from 'node:util';

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  /** For programs. */
  out(text: string): void;
  /** For people. */
  say(text: string): void;
  /** Asks on the terminal without echo; null when there is none. */
  askSecret(question: string): Promise<string | null>;
}
export interface Args {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}
export interface Command {
  /** As it is typed: `token create`. */
  readonly name: string;
  /** What follows the name. */
  readonly usage: string;
  readonly zh: string;
  readonly en: string;
  /** What a stranger must know beyond the line above. */
  readonly more?: string;
  readonly example: string;
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  /** How many words must follow the name. */
  readonly takes?: number;
  /** The exit code. */
  run(args: Args, io: Io): Promise<number>;
}

/** A no with its sentence in both languages; ends the command with code 1. */
export class Failure extends Error {
  constructor(zh: string, en: string) {
    super(`${zh}\n${en}`);
  }
}

export const textOf = ({ values }: Args, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};
export const listOf = ({ values }: Args, name: string): readonly string[] | undefined => {
  const value = values[name];
  return Array.isArray(value) ? (value as readonly string[]) : undefined;
};
export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
