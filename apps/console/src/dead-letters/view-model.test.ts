import { FETCH_CAUSES, WRITE_BACK_CAUSES } from '@weir/contract/write-back';
import { expect, test } from 'vitest';
import type { DeadLetter } from '../api/types.ts';
import { wordsOf } from '../words/words.ts';
import { readLetterSearch } from './filters.ts';
import { letterOf, wishNow } from './view-model.ts';

const [zh, en] = [wordsOf('zh'), wordsOf('en')];
const anItem = (parts: Partial<DeadLetter> = {}): DeadLetter => ({
  id: 'wb_DY2026022200872A_ship',
  direction: 'out',
  at: '2026-02-22T02:00:00Z',
  orderKey: 'DY2026022200872A',
  channel: 'douyin',
  shop: '4419023',
  channelOrderId: null,
  what: 'ship',
  cause: 'number_wrong',
  ...WRITE_BACK_CAUSES.number_wrong,
  code: '120003',
  attempts: 1,
  mayRetry: true,
  ...parts,
});
const aMessage = (parts: Partial<DeadLetter> = {}): DeadLetter =>
  anItem({
    id: 'dl_87994239451137',
    direction: 'in',
    orderKey: null,
    channel: null,
    shop: null,
    what: 'message',
    cause: 'message.failed',
    attempts: 0,
    mayRetry: false,
    ...parts,
  });

test('every cause of the contract says what to do, and none promises a try by itself that does not come', () => {
  const causes = { ...WRITE_BACK_CAUSES, ...FETCH_CAUSES, 'message.failed': { zh: '无法处理', en: 'failed' } };
  for (const words of [zh, en])
    for (const [cause, said] of Object.entries(causes)) {
      const { why, todo } = letterOf(anItem({ cause, ...said }), [], words);
      expect(words.name('deadDo', cause)).toBe(todo);
      expect(why).not.toBe('');
      expect(why).not.toMatch(/自动重试|by itself/);
    }
});
test('the cause is the first half of the server’s words, in the language of the screen', () => {
  expect(letterOf(anItem(), [], zh).why).toBe('运单号或包裹在渠道不合规则');
  expect(letterOf(anItem(), [], en).why).toBe('The channel does not take this tracking number');
});
test('a cause newer than this console is told in the server’s own words', () => {
  const newer = anItem({ cause: 'new_one', zh: '渠道放假；节后再试', en: 'the channel is on holiday; try again later', what: 'invoice' });
  expect(letterOf(newer, [], zh)).toMatchObject({ why: '渠道放假', todo: '节后再试', whatWord: 'invoice' });
  expect(letterOf(newer, [], en)).toMatchObject({ why: 'The channel is on holiday', todo: 'Try again later' });
});
test('a message is known by its id, and its order by the reviews until the order is known', () => {
  expect(letterOf(aMessage(), [], zh)).toMatchObject({ kind: 'message', messageId: '87994239451137', place: 'reviews' });
  expect(letterOf(aMessage({ orderKey: 'DY2026022200872A' }), [], zh).place).toBe('order');
});
test('a detail that could not be fetched is settled at the channels', () => {
  const fetch = letterOf(
    aMessage({ id: 'dl_fetch_7_9f86d081884c7d659a2feaa0', cause: 'fetch.refused', ...FETCH_CAUSES['fetch.refused'] }),
    [],
    zh,
  );
  expect(fetch).toMatchObject({ kind: 'fetch', messageId: null, place: 'channels', whatWord: '取订单明细' });
});
test('what went out has no message of ours, and a shop goes by its name where that is known', () => {
  const shop = { channel: 'douyin', shop: '4419023', name: '旗舰店', orderKeyInNote: true };
  expect(letterOf(anItem(), [shop], zh)).toMatchObject({ messageId: null, shopName: '旗舰店', kind: 'ship' });
  expect(letterOf(anItem({ what: 'remark' }), [], zh)).toMatchObject({ shopName: '4419023', kind: 'remark' });
});
test('a row is queued until the next load; what is still there then ended once more', () => {
  expect(wishNow({ state: 'queued', at: 10 }, 9)).toEqual({ state: 'queued', at: 10 });
  expect(wishNow({ state: 'queued', at: 10 }, 11)).toBeUndefined();
  expect(wishNow({ state: 'failed', error: 'x' }, 11)).toEqual({ state: 'failed', error: 'x' });
});
test('an address that somebody typed opens the list, whatever it says', () => {
  expect(readLetterSearch({ direction: 'out', open: 'wb_1' })).toEqual({ direction: 'out', open: 'wb_1' });
  expect(readLetterSearch({ direction: 'sideways', open: '', other: '1' })).toEqual({});
});
