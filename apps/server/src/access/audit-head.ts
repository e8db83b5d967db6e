/** A head: one line that says how far every chain had grown, signed, and chained to the head before. Pure. */
import { hash, type KeyObject, sign, verify } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { Check } from 'typebox/value';

/** More chains than this in one head are told by the next. */
export const CHAINS_PER_HEAD = 1_000;
const HEX_32 = '^[0-9a-f]{64}$';
const HeadBody = Type.Object(
  {
    weir: Type.Literal('audit-head'),
    version: Type.Literal(1),
    installation: Type.String(),
    number: Type.Integer({ minimum: 1 }),
    at: Type.String(),
    previous: Type.String({ pattern: HEX_32 }),
    /** The first head after a restore: heads between `after` and this one, and what they cover, were lost with the old house. */
    restored: Type.Optional(
      Type.Object({ timeline: Type.Integer(), after: Type.Integer({ minimum: 0 }) }, { additionalProperties: false }),
    ),
    chains: Type.Array(Type.Tuple([Type.String(), Type.String(), Type.Integer({ minimum: 1 }), Type.String({ pattern: HEX_32 })]), {
      maxItems: CHAINS_PER_HEAD,
    }),
  },
  { additionalProperties: false },
);
export type Head = Static<typeof HeadBody>;
/** Process, day, newest serial and its hash. */
export type HeadOfChain = Head['chains'][number];

export const FIRST_PREVIOUS = '0'.repeat(64);
export const hashOfLine = (line: string): string => hash('sha256', line, 'hex');

const SIGNATURE = ',"signature":"';
/** 64 bytes in base64url. */
const SIGNED = /^([A-Za-z0-9_-]{86})"\}$/;

export function signHead(head: Head, key: KeyObject): string {
  const text = JSON.stringify(head);
  return `${text.slice(0, -1)}${SIGNATURE}${sign(null, Buffer.from(text), key).toString('base64url')}"}`;
}

/** Null when this is no head, or not one of this key. */
export function readHead(line: string, key: KeyObject): Head | null {
  const at = line.lastIndexOf(SIGNATURE);
  const signature = SIGNED.exec(line.slice(at + SIGNATURE.length))?.[1];
  if (at < 0 || signature === undefined) return null;
  const bytes = Buffer.from(signature, 'base64url');
  if (bytes.toString('base64url') !== signature) return null; // the last letter has bits that say nothing
  const text = `${line.slice(0, at)}}`;
  if (!verify(null, Buffer.from(text), key, bytes)) return null;
  const head: unknown = JSON.parse(text);
  return Check(HeadBody, head) ? head : null;
}
