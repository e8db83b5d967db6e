/** Walks a schema to its leaves. Whatever is no list and no object is a leaf: text, number, flag, closed word. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}
export interface Leaf {
  /** JSON pointer in which every place of a list is written as an asterisk. */
  readonly pointer: string;
  readonly schema: Schema;
}

export function leavesOf(schema: Schema, pointer = ''): Leaf[] {
  if (schema.anyOf) return schema.anyOf.flatMap((branch) => leavesOf(branch, pointer));
  if (schema.items) return leavesOf(schema.items, `${pointer}/*`);
  const named = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => leavesOf(inner, `${pointer}/${name}`));
  const free = Object.values(schema.patternProperties ?? {}).flatMap((inner) => leavesOf(inner, `${pointer}/*`));
  if (named.length + free.length > 0) return [...named, ...free];
  return schema.type === 'null' ? [] : [{ pointer, schema }];
}
