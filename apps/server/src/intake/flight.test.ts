import { expect, test } from 'vitest';
import { createFlight, createRoom } from './flight.ts';

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('room is for bytes, not for lines: who finds none waits his turn, and something bigger than all of it still gets in alone', async () => {
  const room = createRoom(100);
  const inside: string[] = [];
  const enter = (name: string, bytes: number): void => void room.take(bytes).then(() => inside.push(name));
  enter('a', 60);
  enter('b', 60);
  enter('c', 10); // behind b, although it would fit
  enter('huge', 500);
  await soon();
  expect(inside).toEqual(['a']);
  room.give(60);
  await soon();
  expect(inside).toEqual(['a', 'b', 'c']);
  room.give(60);
  await soon();
  expect(inside).toEqual(['a', 'b', 'c']);
  room.give(10);
  await soon();
  expect(inside).toEqual(['a', 'b', 'c', 'huge']);
});

test('two flights share one room, and big lines wait although few are inside', async () => {
  const room = createRoom(3_000_000);
  const flights = [createFlight(2_000, room), createFlight(2_000, room)];
  const landing: (() => void)[] = [];
  let most = 0;
  const work = (): Promise<void> =>
    new Promise((resolve) => {
      landing.push(resolve);
      most = Math.max(most, landing.length);
    });
  const boarding = flights.map(async (flight) => {
    for (let i = 0; i < 5; i++) await flight.board(1_000_000, work);
    await flight.landed();
  });
  let done = false;
  void Promise.all(boarding).then(() => void (done = true));
  while (!done) {
    await soon();
    landing.shift()?.();
  }
  expect(most).toBe(3);
});

test('a fault is thrown at whoever boards next, and nothing stays in the room', async () => {
  const room = createRoom(10);
  const flight = createFlight(2, room);
  await flight.board(10, () => Promise.reject(new Error('cut')));
  await flight.landed();
  await expect(flight.board(1, () => Promise.resolve())).rejects.toThrow('cut');
  await room.take(10);
});
