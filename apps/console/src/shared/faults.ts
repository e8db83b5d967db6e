/** What the server says is wrong with a wish, told at the fields in which it was typed. Pure. */
import { ApiError } from '../api/client.ts';
import type { Words } from '../words/words.ts';

/** A sentence for each field, by the form's own names. */
export type Faults = Readonly<Record<string, string>>;

/** The server's problems at their fields. Empty when it named one that is none of ours: then the whole refusal must be shown. */
export function faultsAt(error: unknown, fieldOf: (pointer: string) => string | undefined, { language }: Pick<Words, 'language'>): Faults {
  const problems = error instanceof ApiError ? (error.document?.problems ?? []) : [];
  const found = problems.flatMap((each) => {
    const { pointer = '', zh, en } = each as { pointer?: string; zh: string; en: string };
    const field = fieldOf(pointer);
    return field === undefined ? [] : [[field, language === 'zh' ? zh : en] as const];
  });
  return found.length === problems.length ? Object.fromEntries(found) : {};
}
