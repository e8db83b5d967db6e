import { expect, test } from 'vitest';
import { type Entry, readFrame, writeFrame } from './frames.ts';
import { fixture } from './judge.test-support.ts';
import { signCall, signConnect, type SignMethod } from './sign.ts';

interface Vector {
  readonly name: string;
  readonly algorithm: string;
  readonly input: {
    readonly secret: string;
    readonly params: Readonly<Record<string, string>>;
    readonly app_key: string;
    readonly group_name: string;
    readonly timestamp: string;
    readonly message_type: number;
    readonly token?: string;
    readonly content: readonly Entry[];
  };
  readonly expected: string;
  readonly mistakes?: readonly { readonly what: string; readonly value: string }[];
}
const VECTORS = JSON.parse(fixture('vectors.json').toString()) as readonly Vector[];
const how: Readonly<Record<string, SignMethod>> = {
  'taobao-top-md5': 'md5',
  'taobao-top-hmac-md5': 'hmac',
  'taobao-top-hmac-sha256': 'hmac-sha256',
};
const frameOf = ({ input: { message_type, token, content } }: Vector) => ({
  messageType: message_type,
  ...(token === undefined ? {} : { token }),
  content,
});
function compute(vector: Vector): string {
  const { algorithm, input } = vector;
  if (algorithm === 'taobao-tmc-frame') return Buffer.from(writeFrame(frameOf(vector))).toString('hex');
  if (algorithm === 'taobao-tmc-connect-md5')
    return signConnect({ key: input.app_key, secret: input.secret }, input.group_name, input.timestamp);
  return signCall({ secret: input.secret }, input.params, how[algorithm] ?? 'md5');
}

test('no vector is left out', () => {
  expect(VECTORS).toHaveLength(8);
  expect(VECTORS.flatMap(({ mistakes = [] }) => mistakes)).toHaveLength(1);
});

test.each(VECTORS)('$name', (vector) => {
  const computed = compute(vector);
  expect(computed).toBe(vector.expected);
  for (const mistake of vector.mistakes ?? []) expect(computed, mistake.what).not.toBe(mistake.value);
});

test.each(VECTORS.filter(({ algorithm }) => algorithm === 'taobao-tmc-frame'))('$name, read back', (vector) => {
  expect(readFrame(Buffer.from(vector.expected, 'hex'))).toEqual(frameOf(vector));
});

test('the sign itself is never signed', () => {
  const [vector] = VECTORS;
  expect(vector && signCall(vector.input, { ...vector.input.params, sign: 'x' }, 'md5')).toBe(vector?.expected);
});
