import { expect, test } from 'vitest';
import { ApiError } from '../api/client.ts';
import { createWishes } from './wish-key.ts';

const lost = new ApiError(0, 'network.down', null);
const refused = new ApiError(409, 'order.is_held', null);
const wishes = () => {
  let n = 0;
  return createWishes(() => `k${++n}`);
};
const hold = { verb: 'hold', body: { why: '等买家' } };

test('after a lost answer the same wish goes out under its key and version, although the order is newer by now', () => {
  const { press, settle } = wishes();
  expect(press(hold, 3)).toEqual({ key: 'k1', version: 3 });
  settle(hold, lost);
  expect(press(hold, 4)).toEqual({ key: 'k1', version: 3 });
});
test('a definite answer ends the wish, whether it was a yes or a no', () => {
  const { press, settle } = wishes();
  press(hold, 3);
  settle(hold, refused);
  expect(press(hold, 4)).toEqual({ key: 'k2', version: 4 });
  settle(hold, null);
  expect(press(hold, 5)).toEqual({ key: 'k3', version: 5 });
});
test('an answer of a proxy on the way says nothing of what the server did', () => {
  const { press, settle } = wishes();
  press(hold, 3);
  settle(hold, new ApiError(200, 'network.odd', null));
  expect(press(hold, 4).key).toBe('k1');
});
test('another wish meanwhile is another key, and takes the first one nothing away', () => {
  const { press, settle } = wishes();
  press(hold, 3);
  settle(hold, lost);
  expect(press({ verb: 'cancel', body: {} }, 4).key).toBe('k2');
  expect(press(hold, 4).key).toBe('k1');
});
