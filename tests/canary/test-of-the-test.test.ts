/** Takes one mask or lock away after another: the canary test must notice each, or it proves nothing. */
import { PERSONAL_FIELDS } from '@weir/contract';
import { afterEach, expect, test, vi } from 'vitest';
import { openSealed, type PersonalBundle, Sealed } from '../../apps/server/src/access/sealed.ts';
import type { TestHouse } from '../support/index.ts';
import { drive } from './drive.ts';
import { guiltySeen } from './judge.ts';

/** The mask that is away. */
const removed = vi.hoisted(() => ({ mask: '' }));
/* oxlint-disable consistent-type-imports -- a mocked module is typed by itself */
vi.mock('../../apps/server/src/access/sealed.ts', async (original) => {
  const real = await original<typeof import('../../apps/server/src/access/sealed.ts')>();
  const { maskedBundle, holdWordsFor } = real;
  const open = real.openSealed<PersonalBundle>;
  return {
    ...real,
    maskedBundle: (...args: Parameters<typeof maskedBundle>) => (removed.mask === 'maskedBundle' ? open(args[0]) : maskedBundle(...args)),
    holdWordsFor: (...args: Parameters<typeof holdWordsFor>) =>
      removed.mask === 'holdWordsFor' ? (open(args[0]).holdWords ?? {}) : holdWordsFor(...args),
  };
});
vi.mock('../../apps/server/src/access/masks.ts', async (original) => {
  const { maskName, maskPhone } = await original<typeof import('../../apps/server/src/access/masks.ts')>();
  return {
    maskName: (text: string) => (removed.mask === 'maskName' ? text : maskName(text)),
    maskPhone: (text: string) => (removed.mask === 'maskPhone' ? text : maskPhone(text)),
  };
});
vi.mock('../../apps/server/src/orders/shown.ts', async (original) => {
  const real = await original<typeof import('../../apps/server/src/orders/shown.ts')>();
  const { holdsForOutside } = real;
  return {
    ...real,
    holdsForOutside: (...args: Parameters<typeof holdsForOutside>) =>
      removed.mask === 'holdsForOutside' ? args[0] : holdsForOutside(...args),
  };
});
vi.mock('../../apps/server/src/web/may-show.ts', async (original) => {
  const real = await original<typeof import('../../apps/server/src/web/may-show.ts')>();
  const { masked, shownPointer } = real;
  return {
    ...real,
    masked: (...args: Parameters<typeof masked>) => (removed.mask === 'masked' ? args[0] : masked(...args)),
    shownPointer: (pointer: string) => (removed.mask === 'shownPointer' ? pointer : shownPointer(pointer)),
  };
});
/* oxlint-enable consistent-type-imports */

const places = PERSONAL_FIELDS as unknown as string[];
const all = [...places];
const { toJSON } = Sealed.prototype;
afterEach(() => {
  removed.mask = '';
  Sealed.prototype.toJSON = toJSON;
  places.splice(0, places.length, ...all);
});
const seenIn = (leaks: ReturnType<typeof guiltySeen>): string[] => [
  ...new Set(leaks.map(({ where }) => where.replace(/[0-9A-Z]{15,}.*/, '…'))),
];

test('with every mask in its place, this small run sees nothing', async () => {
  expect(guiltySeen(await drive({ small: true }))).toEqual([]);
});
test.each(all)('without "%s" in the list of personal fields', async (name) => {
  const driven = await drive({ small: true, spoil: () => void places.splice(places.indexOf(name), 1) });
  const leaks = guiltySeen(driven);
  expect(leaks.some(({ canary }) => canary.startsWith(`/${name}`))).toBe(true);
});

type OpenKeys = { -readonly [K in keyof TestHouse['house']['keys']]: TestHouse['house']['keys'][K] };
type Spoil = (keys: OpenKeys) => void;
const without =
  (mask: string): Spoil =>
  () => {
    removed.mask = mask;
  };
/** What is taken away, where that shows, and which canary. */
const MASKS_AND_LOCKS: [what: string, where: string, canary: string, spoil: Spoil][] = [
  ['no maskedBundle', 'GET /v1/orders/…', '/remark', without('maskedBundle')],
  ['no maskName', 'GET /v1/orders/…', '/receiver/name', without('maskName')],
  ['no maskPhone', 'GET /v1/orders/…', '/receiver/phone', without('maskPhone')],
  ['words on holds for every role', 'GET /v1/orders/…', 'words on a hold', without('holdWordsFor')],
  ['no holdsForOutside', 'webhook /all', 'who holds an order', without('holdsForOutside')],
  ['no masked', 'GET /v1/reviews?state=open&limit=200 as first admin', '/receiver/name', without('masked')],
  ['no shownPointer', 'POST /v1/orders as first admin', '/receiver/phone', without('shownPointer')],
  [
    'a Sealed.toJSON that says what is sealed',
    'log',
    'sealed and logged',
    () => {
      Sealed.prototype.toJSON = function () {
        return String(openSealed(this));
      };
    },
  ],
  [
    'fingerprints that hold the text itself',
    'table orders',
    '/receiver/',
    (keys) => {
      const { fingerprint } = keys;
      // begins as it should, for ids are its first characters; the database takes no zero
      keys.fingerprint = (text) => `${fingerprint(text)}${text.replaceAll('\0', ' ')}`;
    },
  ],
  [
    'a blind index that is the number itself',
    'table blind_index',
    '/receiver/phone',
    (keys) => (keys.blindToken = (phone) => Buffer.from(phone)),
  ],
  [
    'a box that seals nothing',
    'table inbox',
    '/receiver/name',
    (keys) => Object.assign(keys.box, { seal: (plain: Buffer) => plain, open: (blob: Buffer) => blob }),
  ],
];
test.each(MASKS_AND_LOCKS)('with %s it is seen in: %s', async (_, where, canary, spoil) => {
  const leaks = guiltySeen(await drive({ small: true, spoil: ({ house }) => spoil(house.keys) }));
  expect(seenIn(leaks.filter((leak) => leak.canary.startsWith(canary)))).toContain(where);
});
