import pg from 'pg';

/**
 * How PostgreSQL's values become ours, for one pool only (pg's own table is global and would change other people's pools).
 * Numbers and times that JavaScript would round stay text: numeric, date, timestamp; `json` stays the exact bytes it was.
 */
const OID = { bytea: 17, int8: 20, json: 114, jsonb: 3802, date: 1082, timestamp: 1114, timestamptz: 1184, numeric: 1700 } as const;
const ARRAY_OID = {
  int8: 1016,
  json: 199,
  jsonb: 3807,
  bytea: 1001,
  date: 1182,
  timestamp: 1115,
  timestamptz: 1185,
  numeric: 1231,
} as const;
const TEXT_ARRAY = 1009;

type Parser = (text: string) => unknown;

const asText: Parser = (text) => text;
const parseTextArray = pg.types.getTypeParser(TEXT_ARRAY as 17) as unknown as (text: string) => unknown[];

export function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint column holds a number beyond 2^53: select it as text');
  return value;
}

function parseBytea(text: string): Buffer {
  return Buffer.from(text.slice(2), 'hex'); // the session always prints bytea as \x…
}

const parseJson: Parser = (text) => JSON.parse(text);

const ELEMENT_PARSERS: Readonly<Record<keyof typeof OID, Parser>> = {
  bytea: parseBytea,
  int8: parseInt8,
  json: asText,
  jsonb: parseJson,
  date: asText,
  timestamp: asText,
  timestamptz: asText,
  numeric: asText,
};

function arrayOf(parse: Parser): Parser {
  const each = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(each);
    return typeof value === 'string' ? parse(value) : value;
  };
  return (text) => parseTextArray(text).map(each);
}

const PARSERS: ReadonlyMap<number, Parser> = new Map([
  ...Object.entries(OID).map(([name, oid]) => [oid, ELEMENT_PARSERS[name as keyof typeof OID]] as const),
  ...Object.entries(ARRAY_OID).map(([name, oid]) => [oid, arrayOf(ELEMENT_PARSERS[name as keyof typeof OID])] as const),
]);

/** For pg's `types` option. */
export const TYPES = {
  getTypeParser(oid: number, format?: string): Parser {
    const own = format === 'binary' ? undefined : PARSERS.get(oid);
    return own ?? (pg.types.getTypeParser(oid, format as 'text') as Parser);
  },
};
