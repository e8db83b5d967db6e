/** Reads the fields of a channel's JSON, and writes down what it could not read: where, what stood there, what was expected. */
import { ID_PATTERN } from '@weir/contract/values';
import { type Problem, problem } from '@weir/contract';
import { chinaTime, MAX_EPOCH_SECONDS } from './china-time.ts';
import type { Json, JsonObject } from './lossless-json.ts';

/** Longer readings are cut in a problem: it is for people. */
const MAX_READING = 80;
const WHOLE = /^-?(0|[1-9]\d{0,14})$/;
const ID = new RegExp(ID_PATTERN, 'u');

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field of its own, never one that every object inherits. */
export const field = (value: Json | undefined, name: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** Text with something in it, else undefined. Numbers are text here already. */
export const filled = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value.trim() !== '' && value.isWellFormed() && !value.includes('\0') ? value : undefined;

/** A list or an object may hold people's data, so only its kind is told. */
const readingOf = (value: Json | undefined): string => {
  if (value === undefined || value === null) return '—';
  const text = (typeof value === 'object' ? (Array.isArray(value) ? '[…]' : '{…}') : String(value)).toWellFormed();
  return text.length > MAX_READING ? `${text.slice(0, MAX_READING)}…`.toWellFormed() : text;
};

/** One object of a message, where it stands, and the problems of the whole message, shared by all its readers. */
export class Fields {
  readonly value: Json | undefined;
  readonly pointer: string;
  readonly problems: Problem[];
  constructor(value: Json | undefined, pointer = '', problems: Problem[] = []) {
    this.value = value;
    this.pointer = pointer;
    this.problems = problems;
  }

  at(name: string): Json | undefined {
    return field(this.value, name);
  }
  /** Something stands there; null and "" are nothing. */
  has(name: string): boolean {
    const value = this.at(name);
    return value !== undefined && value !== null && value !== '';
  }
  child(name: string): Fields {
    return new Fields(this.at(name), `${this.pointer}/${name}`, this.problems);
  }
  /** The items of a list; absent and null are an empty one. */
  each(name: string): Fields[] {
    const list = this.at(name);
    if (Array.isArray(list))
      return (list as readonly Json[]).map((item, i) => new Fields(item, `${this.pointer}/${name}/${i}`, this.problems));
    if (this.has(name)) this.complain(name, 'field.wrong_type', 'a list', '列表');
    return [];
  }

  /** Absent, null and "" are undefined. */
  text(name: string): string | undefined {
    return filled(this.at(name));
  }
  /** An id of theirs: printable text. Undefined, and a problem, when it is missing or something else. */
  id(name: string): string | undefined {
    const value = this.at(name);
    if (typeof value === 'string' && value.length <= 128 && ID.test(value) && value.isWellFormed()) return value;
    this.complain(name, this.has(name) ? 'field.wrong_type' : 'field.missing', 'an id', '编号');
    return undefined;
  }
  /** A whole number, written as a number or as text. Absent is undefined; anything else is undefined and a problem. */
  whole(name: string): number | undefined {
    const value = this.at(name);
    if (!this.has(name)) return undefined;
    if (typeof value === 'string' && WHOLE.test(value)) return Number(value);
    this.complain(name, 'field.wrong_type', 'a whole number', '整数');
    return undefined;
  }
  /** As `whole`, but 0 or more; absent is a problem. */
  amount(name: string): number | undefined {
    const fen = this.whole(name);
    if (fen === undefined && !this.has(name)) this.complain(name, 'field.missing', 'an amount in fen', '以分为单位的金额');
    if (fen === undefined || fen >= 0) return fen;
    this.complain(name, 'field.not_allowed', '0 or more', '不小于 0');
    return undefined;
  }
  /** As `amount`, but absent is 0: a discount that is not told is none. */
  amountOrZero(name: string): number {
    return this.has(name) ? (this.amount(name) ?? 0) : 0;
  }
  /** A code of theirs, written as a number or as text. Absent is undefined; anything else is undefined and a problem. */
  code(name: string): string | undefined {
    const code = this.text(name);
    if (code === undefined && this.has(name)) this.complain(name, 'field.wrong_type', 'a code', '代码');
    return code;
  }
  /** Seconds since 1970 as a neutral time. Absent and 0 mean "not yet" and are undefined. */
  time(name: string): string | undefined {
    const seconds = this.seconds(name);
    return seconds === undefined ? undefined : chinaTime(seconds);
  }
  seconds(name: string): number | undefined {
    const seconds = this.whole(name);
    if (seconds === undefined || seconds === 0) return undefined;
    if (seconds > 0 && seconds <= MAX_EPOCH_SECONDS) return seconds;
    this.complain(name, 'time.not_zoned', 'seconds since 1970', '1970 年以来的秒数');
    return undefined;
  }

  complain(name: string, code: Problem['code'], expected: string, expectedZh = expected): void {
    const value = this.at(name);
    const pointer = `${this.pointer}/${name}`;
    if (this.problems.some((known) => known.pointer === pointer && known.code === code)) return; // read more than once, said once
    const told = { expected, expectedZh };
    const isAbsent = value === undefined || value === null;
    this.problems.push(
      code === 'field.missing' && isAbsent ? problem(code, pointer, told) : problem(code, pointer, { reading: readingOf(value), ...told }),
    );
  }
}
