/** Takes one mask or lock away after another: the canary test must notice each, or it proves nothing. */
import { PERSONAL_FIELDS } from '@weir/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TestHouse } from '../support/index.ts';
import { drive } from './drive.ts';
import { guiltySeen } from './judge.ts';

const removed = vi.hoisted(() => ({ bundleMask: false }));
vi.mock('../../apps/server/src/access/sealed.ts', async (original) => {
  // oxlint-disable-next-line consistent-type-imports -- the mocked module is typed by itself
  const real = await original<typeof import('../../apps/server/src/access/sealed.ts')>();
  return {
    ...real,
    maskedBundle: (...args: Parameters<typeof real.maskedBundle>) =>
      removed.bundleMask ? real.openSealed(args[0]) : real.maskedBundle(...args),
  };
});

const places = PERSONAL_FIELDS as unknown as string[];
const all = [...places];
const reset = (): void => {
  removed.bundleMask = false;
  places.splice(0, places.length, ...all);
};
beforeEach(reset);
afterEach(reset);
const seenIn = (leaks: ReturnType<typeof guiltySeen>): string[] => [
  ...new Set(leaks.map(({ where }) => where.replace(/[0-9A-Z]{15,}.*/, '…'))),
];

test('with every mask in its place, this small run sees nothing', async () => {
  expect(guiltySeen(await drive({ small: true }))).toEqual([]);
});
test('without the mask of the order page', async () => {
  removed.bundleMask = true;
  expect(seenIn(guiltySeen(await drive({ small: true })))).toContain('GET /v1/orders/…');
});
test.each(all)('without "%s" in the list of personal fields', async (name) => {
  const driven = await drive({ small: true, spoil: () => void places.splice(places.indexOf(name), 1) });
  const leaks = guiltySeen(driven);
  expect(leaks.some(({ canary }) => canary.startsWith(`/${name}`))).toBe(true);
});

type Spoil = (keys: { -readonly [K in keyof TestHouse['house']['keys']]: TestHouse['house']['keys'][K] }) => void;
const LOCKS: [string, string, Spoil][] = [
  [
    'fingerprints that hold the text itself',
    'table orders',
    (keys) => {
      const { fingerprint } = keys;
      // begins as it should, for ids are its first characters; the database takes no zero
      keys.fingerprint = (text) => `${fingerprint(text)}${text.replaceAll('\0', ' ')}`;
    },
  ],
  ['a blind index that is the number itself', 'table blind_index', (keys) => (keys.blindToken = (phone) => Buffer.from(phone))],
  [
    'a box that seals nothing',
    'table inbox',
    (keys) => Object.assign(keys.box, { seal: (plain: Buffer) => plain, open: (blob: Buffer) => blob }),
  ],
];
test.each(LOCKS)('with %s', async (_, where, spoil) => {
  expect(seenIn(guiltySeen(await drive({ small: true, spoil: ({ house }) => spoil(house.keys) })))).toContain(where);
});
