import { expect, test } from 'vitest';
import { describeScript } from './report.ts';
import type { ReceiverFault } from './faults.ts';
import { type Deed, DEEDS } from './platform-script.ts';
import { type Act, type Script, writeScript } from './script.ts';

const MANY = Array.from({ length: 40 }, (_, seed) => writeScript(seed));

test('the same seed writes the same script, another seed another', () => {
  for (const script of MANY) expect(writeScript(script.seed)).toEqual(script);
  expect(new Set(MANY.map((script) => describeScript(script))).size).toBe(MANY.length);
});

test('every message of a life is told, also when it is told late or twice, and only those', () => {
  for (const { tellings, moments } of MANY) {
    const told = moments.flatMap(({ acts }) =>
      acts.flatMap((act) => (act.do === 'tell' ? [act.telling] : act.do === 'import' ? act.tellings : [])),
    );
    expect(new Set(told).size).toBe(tellings.length);
    expect(told.length).toBeGreaterThan(tellings.length);
  }
});

function kindsOf(act: Act): string[] {
  switch (act.do) {
    case 'tell':
      return [act.atOnce > 1 ? 'twice at once' : 'once', act.reuse === undefined ? 'key' : 'reuse'];
    case 'step':
      return [act.verb];
    case 'review':
      return [act.how];
    case 'import':
    case 'nonsense':
      return [act.do];
  }
}
const kindsIn = ({ moments, tellings }: Script): string[] =>
  [
    moments.flatMap(({ platforms }) => platforms.flatMap(({ deeds }) => deeds.flatMap(kindsOfDeed))),
    moments.flatMap(({ faults }) => faults.flatMap((fault) => (fault.what === 'receiver' ? [fault.does] : [fault.what]))),
    moments.flatMap(({ acts }) => acts.flatMap(kindsOf)),
    tellings.flatMap(({ kind, message }) => [kind, message['partial'] === true ? 'partial' : 'whole']),
  ].flat();
const kindsOfDeed = (deed: Deed): string[] => [
  deed.what,
  ...(deed.what === 'place' && deed.placing.isPresale ? ['a pre-sale'] : []),
  ...(deed.what === 'ask a refund' ? [deed.fen === null ? 'all of a line' : 'part of a line'] : []),
];
const FAULTS = ['clock', 'kill at point', 'kill at packet', 'cut', 'terminate', 'freeze', 'wake', 'another house', 'stop', 'expire lease'];
const OF_RECEIVERS: readonly ReceiverFault[] = [
  'refuse next',
  'refuse each once',
  'too many requests',
  'refuse some subjects',
  'gone',
  'hang',
  'down',
  'cut after storing',
  'slow',
  'heal',
];
const ACTS = ['import', 'nonsense', 'twice at once', 'reuse', 'hold', 'release', 'cancel', 'changeAddress', 'move', 'fix', 'reject'];
const DEEDS_WANTED = [...new Set(DEEDS), 'a pre-sale', 'all of a line', 'part of a line'];
const TELLINGS = ['right', 'broken', 'unreadable', 'poison', 'partial', 'whole'];

test('every kind of mischief happens within forty seeds', () => {
  const kinds = new Set(MANY.flatMap(kindsIn));
  for (const wanted of [FAULTS, OF_RECEIVERS, ACTS, DEEDS_WANTED, TELLINGS].flat()) expect(kinds, wanted).toContain(wanted);
});
