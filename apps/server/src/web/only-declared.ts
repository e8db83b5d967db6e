/** Copies of a value only what its schema declares. It fails closed: an object where a text is declared does not pass either. */
import type { TSchema } from 'typebox';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}
type Copy = (value: unknown) => unknown;

const isPlain = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const leaf: Copy = (value) => (typeof value === 'object' && value !== null ? undefined : value);

/** Made once per schema; the copy of an order takes a few microseconds. */
export function onlyDeclared(schema: TSchema): Copy {
  return copyOf(schema);
}

function copyOf(schema: Schema): Copy {
  const { anyOf, properties, patternProperties, items } = schema;
  if (anyOf) return copyOfUnion(anyOf);
  if (properties) return copyOfObject(properties);
  if (patternProperties) return copyOfRecord(Object.values(patternProperties)[0] as Schema);
  if (items) return copyOfList(items);
  const isAnything = schema.type === undefined && schema.enum === undefined && schema.const === undefined;
  return isAnything ? (value) => value : leaf;
}

function copyOfObject(properties: Readonly<Record<string, Schema>>): Copy {
  const parts = Object.entries(properties).map(([name, inner]) => [name, copyOf(inner)] as const);
  return (value) => {
    if (!isPlain(value)) return leaf(value);
    const copied: Record<string, unknown> = {};
    for (const [name, copy] of parts) if (value[name] !== undefined) copied[name] = copy(value[name]);
    return copied;
  };
}

function copyOfRecord(inner: Schema): Copy {
  const copy = copyOf(inner);
  return (value) => (isPlain(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copy(each)])) : leaf(value));
}

function copyOfList(items: Schema): Copy {
  const copy = copyOf(items);
  return (value) => (Array.isArray(value) ? value.map(copy) : leaf(value));
}

/** A list goes by the branch that is a list, an object by the branch that is one; what no branch declares does not pass. */
function copyOfUnion(branches: readonly Schema[]): Copy {
  const list = branches.find((branch) => branch.items);
  const object = branches.find((branch) => branch.properties ?? branch.patternProperties);
  const [copyList, copyObject] = [list ? copyOf(list) : leaf, object ? copyOf(object) : leaf];
  return (value) => (Array.isArray(value) ? copyList(value) : copyObject(value));
}
