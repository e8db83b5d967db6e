import { expect, test } from 'vitest';
import { createZone, readWallTime } from './local-time.ts';

const PATTERN = /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2}) (?<hour>\d{2}):(?<minute>\d{2})$/;
const at = (zone: string, text: string) => createZone(zone).toText(readWallTime(text, PATTERN));

test('the offset is the one that was in force at that time in that place', () => {
  expect(at('America/Sao_Paulo', '2017-07-02 10:56')).toEqual({ text: '2017-07-02T10:56:00-03:00', isClear: true });
  expect(at('America/Sao_Paulo', '2017-12-05 09:00')).toEqual({ text: '2017-12-05T09:00:00-02:00', isClear: true });
  expect(at('America/Sao_Paulo', '2020-01-05 09:00')).toEqual({ text: '2020-01-05T09:00:00-03:00', isClear: true }); // Brazil gave up summer time in 2019
  expect(at('Europe/London', '2011-03-26 23:59')).toEqual({ text: '2011-03-26T23:59:00+00:00', isClear: true });
  expect(at('Europe/London', '2011-03-27 02:00')).toEqual({ text: '2011-03-27T02:00:00+01:00', isClear: true });
});

test('a skipped hour and a repeated hour get no offset, since choosing one would be a guess', () => {
  expect(at('America/Sao_Paulo', '2017-10-15 00:30')).toEqual({ text: '2017-10-15T00:30:00', isClear: false });
  expect(at('America/Sao_Paulo', '2018-02-17 23:30')).toEqual({ text: '2018-02-17T23:30:00', isClear: false });
  expect(at('Europe/London', '2011-03-27 01:30')).toEqual({ text: '2011-03-27T01:30:00', isClear: false });
  expect(at('Europe/London', '2010-10-31 01:30')).toEqual({ text: '2010-10-31T01:30:00', isClear: false });
});

test('a time in another form is refused', () => {
  expect(() => readWallTime('2/17/2018', PATTERN)).toThrow('"2/17/2018" is not a time in the form');
});
