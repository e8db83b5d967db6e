import { expect, test } from 'vitest';
import { fixture } from './judge.test-support.ts';
import { ciphersOf, dialForm, isCiphertext, tokenOf } from './receiver.ts';
import { signCall, socketDigest, socketPath } from './sign.ts';

interface Vector {
  readonly name: string;
  readonly algorithm: string;
  readonly input: {
    readonly secret: string;
    readonly params: Readonly<Record<string, string>>;
    readonly client_id: string;
    readonly timestamp_ms: string;
    readonly value: string;
  };
  readonly expected: unknown;
  readonly mistakes?: readonly { readonly what: string; readonly value: unknown }[];
}
const VECTORS = JSON.parse(fixture('vectors.json').toString()) as readonly Vector[];
const COMPUTE: Readonly<Record<string, (input: Vector['input']) => unknown>> = {
  'pdd-md5': ({ secret, params }) => signCall({ key: '', secret }, params),
  'pdd-pmc-ws-path': ({ client_id: key, secret, timestamp_ms }) => ({
    digest_hex: socketDigest({ key, secret }, Number(timestamp_ms)),
    path: socketPath({ key, secret }, Number(timestamp_ms)),
  }),
  'pdd-is-ciphertext': ({ value }) => isCiphertext(value),
  'pdd-virtual-number': ({ value }) => dialForm(value),
};

test('no vector is left out', () => {
  expect(VECTORS).toHaveLength(12);
  expect(VECTORS.flatMap(({ mistakes = [] }) => mistakes)).toHaveLength(1);
});

test.each(VECTORS)('$name', ({ algorithm, input, expected, mistakes = [] }) => {
  const computed = COMPUTE[algorithm]?.(input);
  expect(computed).toEqual(expected);
  for (const mistake of mistakes) expect(computed, mistake.what).not.toEqual(mistake.value);
});

test('true and false, numbers and nested values are signed as the text that is sent; a sign that is there already is not', () => {
  const app = { key: 'c', secret: 's' };
  expect(signCall(app, { a: true, b: [{ c: 1 }], n: 5, sign: 'old' })).toBe(signCall(app, { a: 'true', b: '[{"c":1}]', n: '5' }));
});

test('a virtual number is none of the ciphertexts, and an ordinary number is left as it is', () => {
  expect(isCiphertext('$13800000000$#1234#')).toBe(false);
  expect(dialForm('$95013$#12345678#')).toBe('95013#12345678');
  expect(dialForm('13800000000')).toBe('13800000000');
});

test('a token gives back the ciphertexts that it was made of', () => {
  const ciphers = { tel: '$a$b=$2$$', name: '~c=~d~2~~', detail: '~e=~f~2~~' };
  expect(ciphersOf(tokenOf(ciphers) ?? '')).toEqual(ciphers);
  expect(ciphersOf('')).toEqual({});
  expect(tokenOf({})).toBeUndefined();
});
