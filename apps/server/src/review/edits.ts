/** Typed edits of a blocked message: JSON pointer → new value (or removal). Pure. */
export interface Edit {
  /** JSON pointer into the message, e.g. "/payable" or "/lines/0/quantity". */
  readonly pointer: string;
  /** The new value; absent = the field is removed. */
  readonly value?: unknown;
}
export interface Change {
  readonly pointer: string;
  readonly before: unknown;
  readonly after: unknown;
}
export class EditImpossible extends Error {
  readonly pointer: string;
  constructor(pointer: string) {
    super(`nothing to edit at ${pointer}`);
    this.pointer = pointer;
  }
}

const IDENTITY = ['/channel', '/shop', '/channelOrderId', '/partial', ''];
const unescape = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

/** A row that is there; a value may also stand right behind the last one. */
const isRow = (list: readonly unknown[], name: string, value: unknown): boolean =>
  /^(0|[1-9]\d*)$/.test(name) && (value === undefined ? Number(name) < list.length : Number(name) <= list.length);

/** The message after all edits, and what each changed. A fix may not turn an order into another one. */
export function applyEdits(message: unknown, edits: readonly Edit[]): { readonly message: unknown; readonly changes: readonly Change[] } {
  const copy = structuredClone(message);
  const changes = edits.map((edit) => {
    if (IDENTITY.includes(edit.pointer) || !edit.pointer.startsWith('/')) throw new EditImpossible(edit.pointer);
    const steps = edit.pointer.split('/').slice(1).map(unescape);
    const name = steps.pop() as string;
    let parent: unknown = copy;
    for (const step of steps)
      parent =
        typeof parent === 'object' && parent !== null && Object.hasOwn(parent, step)
          ? (parent as Record<string, unknown>)[step]
          : undefined;
    if (typeof parent !== 'object' || parent === null || name === '__proto__') throw new EditImpossible(edit.pointer);
    const holder = parent as Record<string, unknown>;
    if (Array.isArray(parent) && !isRow(parent, name, edit.value)) throw new EditImpossible(edit.pointer);
    const before = Object.hasOwn(holder, name) ? holder[name] : undefined;
    if (edit.value !== undefined) holder[name] = edit.value;
    else if (Array.isArray(parent)) parent.splice(Number(name), 1);
    else delete holder[name];
    return { pointer: edit.pointer, before, after: edit.value };
  });
  return { message: copy, changes };
}
