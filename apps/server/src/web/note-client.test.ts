import { expect, test } from 'vitest';
import { createLog } from '#platform';
import { createNoteClient } from './note-client.ts';

function noting() {
  const lines: { event: string; client: string; times: number }[] = [];
  let now = 0;
  const log = createLog({ write: (line) => lines.push(JSON.parse(line)), pretty: false });
  return { lines, note: createNoteClient(log, () => now), later: (ms: number) => (now += ms) };
}

test('the first time is told at once, more of it once a minute with how often', () => {
  const { lines, note, later } = noting();
  for (let i = 0; i < 50; i++) note('login.refused', '192.0.2.7');
  note('login.refused', '192.0.2.8');
  later(61_000);
  note('login.refused', '192.0.2.7');
  expect(lines.map(({ event, client, times }) => [event, client, times])).toEqual([
    ['login.refused', '192.0.2.7', 1],
    ['login.refused', '192.0.2.8', 1],
    ['login.refused', '192.0.2.7', 50],
  ]);
});

test('however many clients there are, only so many lines come of them', () => {
  const { lines, note } = noting();
  for (let i = 0; i < 5_000; i++) note('request.guessing', `client ${i}`);
  expect(lines).toHaveLength(100);
});

test('clients of whom no line may be written any more are forgotten like all others: they take no memory', () => {
  const { lines, note, later } = noting();
  for (let i = 0; i < 100; i++) note('request.guessing', `client ${i}`);
  for (let i = 0; i < 2; i++) note('request.guessing', 'forgotten');
  for (let i = 0; i < 1_000; i++) note('request.guessing', `another ${i}`);
  later(61_000);
  note('request.guessing', 'forgotten');
  expect(lines.at(-1)).toMatchObject({ client: 'forgotten', times: 1 });
});
