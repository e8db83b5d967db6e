/** What a reviewer types becomes typed edits of the message. Pure. */
import { PROBLEMS, type Problem } from '@weir/contract/problems';
import type { CommandAnswer, Edit } from '../api/types.ts';

export const VALUE_KINDS = ['text', 'number', 'remove'] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];
/** One row of the form. */
export interface Draft {
  readonly pointer: string;
  readonly text: string;
  readonly kind: ValueKind;
}

/** The value under a JSON pointer, or undefined. */
export function valueAt(message: unknown, pointer: string): unknown {
  const steps = pointer.split('/').slice(1);
  return steps.reduce<unknown>((value, step) => {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  }, message);
}

/** Pieces are counted; every other number of the contract (amounts, times, ids) travels as text. */
const COUNTED = /\/quantity$|^\/schema$/;
const MASK = '***';

/** One row per place with a blocking problem, filled with what stands there now. */
export function draftsFor(problems: readonly Problem[], message: unknown): readonly Draft[] {
  const places = [
    ...new Map(
      problems.filter(({ severity, pointer }) => severity === 'blocking' && pointer !== '').map((each) => [each.pointer, each]),
    ).values(),
  ];
  return places.map(({ pointer, code }) => {
    const value = valueAt(message, pointer);
    const kind: ValueKind = code === 'field.unknown' ? 'remove' : COUNTED.test(pointer) ? 'number' : 'text';
    const text =
      value === MASK
        ? ''
        : typeof value === 'string'
          ? value
          : typeof value === 'number' || typeof value === 'boolean'
            ? String(value)
            : '';
    return { pointer, text, kind };
  });
}

export type Read = { readonly ok: true; readonly edits: readonly Edit[] } | { readonly ok: false; readonly notNumbers: readonly string[] };

/** Rows without a place are left out; a row that says "number" must be one. */
export function editsOf(drafts: readonly Draft[]): Read {
  const named = drafts.filter(({ pointer }) => pointer.trim() !== '');
  const notNumbers = named
    .filter(({ kind, text }) => kind === 'number' && !/^-?\d+(\.\d+)?$/.test(text.trim()))
    .map(({ pointer }) => pointer);
  if (notNumbers.length > 0) return { ok: false, notNumbers };
  return {
    ok: true,
    edits: named.map(({ pointer, text, kind }) => ({
      pointer: pointer.trim(),
      ...(kind === 'remove' ? {} : { value: kind === 'number' ? Number(text.trim()) : text }),
    })),
  };
}

/** Whether a person may accept the message as it is: never while a value cannot be read. */
export const mayRelease = (problems: readonly Problem[]): boolean =>
  problems.every(({ code, severity }) => severity === 'warning' || (Object.hasOwn(PROBLEMS, code) && PROBLEMS[code].acceptable));

/** As it stands in the message: a text has its quotes, so that "2" and 2 look as different as they are. */
export const shownValue = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** What was decided, or stored to be, may leave a case waiting: what was let through has a fault of its own. */
export const isStillOpen = (answer: CommandAnswer): boolean => 'result' in answer && answer.result === 'needs_review';
