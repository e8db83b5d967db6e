/**
 * SM4-CTR with encrypt-then-MAC (HMAC-SM3). Blob: version (1) | key id (4) | nonce (12) | ciphertext | tag (16); the tag covers the
 * associated text, so a blob that was moved to another row does not open.
 *
 * On Node 24 creating a cipher or HMAC object costs more than the work on a short text. So short texts use one long-lived sm4-ecb cipher
 * as the block function of CTR, and HMAC is two one-shot hashes; `seal-box.test.ts` proves both equal to sm4-ctr and createHmac.
 */
import { type Cipheriv, createCipheriv, hash, randomFillSync, timingSafeEqual } from 'node:crypto';
import { assert } from '#platform';

const VERSION = 1;
const HEADER = 1 + 4 + 12;
const TAG = 16;
const BLOCK = 16;
/** Above this many bytes one sm4-ctr object is cheaper than preparing the counter blocks. */
const LONG_TEXT_BYTES = 4_096;
const NONCES_AT_ONCE = 1_024;

export class SealBroken extends Error {
  constructor(why: string) {
    super(`a sealed value did not open: ${why}`);
    this.name = 'SealBroken';
  }
}

/** The data key of one month: 16 bytes for SM4 and 32 for the MAC. */
export interface BoxKey {
  readonly id: number;
  readonly cipherKey: Buffer;
  readonly macKey: Buffer;
}

export interface SealBox {
  seal(plain: Buffer, associated: string): Buffer;
  open(blob: Buffer, associated: string): Buffer;
}

let noncePool = Buffer.alloc(0);
let nonceAt = 0;
function nextNonce(into: Buffer, at: number): void {
  if (nonceAt >= noncePool.length) {
    noncePool = randomFillSync(Buffer.allocUnsafe(12 * NONCES_AT_ONCE));
    nonceAt = 0;
  }
  noncePool.copy(into, at, nonceAt, nonceAt + 12);
  nonceAt += 12;
}

/** Node's name for it that takes the fast path; its types know only the older alias. */
const LATIN1 = 'latin1' as 'binary';
const PAD = 64;
const DIGEST = 32;
let scratch = Buffer.allocUnsafe(8_192);

type Part = Buffer | string;
/** HMAC over the parts one after the other. */
export interface Hmac {
  (...parts: readonly Part[]): Buffer;
  /** As text: a Buffer of its own costs Node more than the hash does. */
  as(encoding: 'hex' | 'latin1', ...parts: readonly Part[]): string;
}

/** Of a key of at most 64 bytes. */
export function oneShotHmac(algorithm: 'sm3' | 'sha256', key: Buffer): Hmac {
  assert(key.length <= PAD, `a key of ${algorithm} fits into one block`);
  const inner = Buffer.alloc(PAD, 0x36);
  const outer = Buffer.alloc(PAD + DIGEST, 0x5c);
  for (let i = 0; i < key.length; i++) {
    inner[i] = (key[i] as number) ^ 0x36;
    outer[i] = (key[i] as number) ^ 0x5c;
  }
  const as: Hmac['as'] = (encoding, ...parts) => {
    let most = PAD;
    for (const part of parts) most += typeof part === 'string' ? part.length * 3 : part.length;
    if (most > scratch.length) scratch = Buffer.allocUnsafe(most);
    let at = inner.copy(scratch);
    for (const part of parts) at += typeof part === 'string' ? scratch.write(part, at, 'utf8') : part.copy(scratch, at);
    outer.write(hash(algorithm, scratch.subarray(0, at), LATIN1), PAD, 'latin1');
    return hash(algorithm, outer, encoding as typeof LATIN1);
  };
  return Object.assign((...parts: readonly Part[]) => Buffer.from(as('latin1', ...parts), 'latin1'), { as });
}

/** Writes the SM4-CTR of `text` into `out` at `at`. */
function ctrInto(out: Buffer, at: number, key: Buffer, block: Cipheriv, nonce: Buffer, text: Buffer): void {
  if (text.length > LONG_TEXT_BYTES) {
    const cipher = createCipheriv('sm4-ctr', key, Buffer.concat([nonce, Buffer.alloc(4)]));
    at += cipher.update(text).copy(out, at);
    cipher.final().copy(out, at);
    return;
  }
  const counters = Buffer.allocUnsafe(Math.ceil(text.length / BLOCK) * BLOCK);
  for (let i = 0; i < counters.length; i += BLOCK) {
    nonce.copy(counters, i);
    counters.writeUInt32BE(i / BLOCK, i + 12);
  }
  const stream = block.update(counters);
  for (let i = 0; i < text.length; i++) out[at + i] = (text[i] as number) ^ (stream[i] as number);
}

export function ctr(key: Buffer, block: Cipheriv, nonce: Buffer, text: Buffer): Buffer {
  const out = Buffer.allocUnsafe(text.length);
  ctrInto(out, 0, key, block, nonce, text);
  return out;
}

/** Seals with what `current` says at that moment, opens with every key of `known`; both may change under it. */
export function sealBox(current: () => BoxKey, known: ReadonlyMap<number, BoxKey>): SealBox {
  const prepared = new Map<number, { readonly key: BoxKey; readonly block: Cipheriv; readonly mac: Hmac }>();
  const prepare = (id: number) => {
    const key = known.get(id);
    if (key === undefined) throw new SealBroken(`data key ${id} is not known here`);
    const made = { key, block: createCipheriv('sm4-ecb', key.cipherKey, null).setAutoPadding(false), mac: oneShotHmac('sm3', key.macKey) };
    prepared.set(id, made);
    return made;
  };
  const of = (id: number) => prepared.get(id) ?? prepare(id);
  const [length, expected] = [Buffer.alloc(4), Buffer.alloc(TAG)]; // used again by each call: none of them waits
  const lengthOf = (associated: string): Buffer => {
    length.writeUInt32BE(Buffer.byteLength(associated));
    return length;
  };
  return {
    seal(plain, associated) {
      const { key, block, mac } = of(current().id);
      const blob = Buffer.allocUnsafe(HEADER + plain.length + TAG);
      blob[0] = VERSION;
      blob.writeUInt32BE(key.id, 1);
      nextNonce(blob, 5);
      ctrInto(blob, HEADER, key.cipherKey, block, blob.subarray(5, HEADER), plain);
      const body = blob.subarray(0, -TAG);
      blob.write(mac.as('latin1', lengthOf(associated), associated, body), body.length, TAG, 'latin1');
      return blob;
    },
    open(blob, associated) {
      if (blob.length < HEADER + TAG || blob[0] !== VERSION) throw new SealBroken('unknown form');
      const { key, block, mac } = of(blob.readUInt32BE(1));
      const body = blob.subarray(0, -TAG);
      expected.write(mac.as('latin1', lengthOf(associated), associated, body), 0, TAG, 'latin1');
      if (!timingSafeEqual(expected, blob.subarray(-TAG))) throw new SealBroken('wrong tag');
      return ctr(key.cipherKey, block, body.subarray(5, HEADER), body.subarray(HEADER));
    },
  };
}
