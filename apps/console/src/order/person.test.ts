import { expect, test } from 'vitest';
import { wordsOf } from '../words/words.ts';
import { contextOf, contextsIn, hasPersonal, isTokenOnly, placeText, revealedRows } from './person.ts';

test('an address is written from the province to the door, a city that is its own province once', () => {
  expect(placeText({ province: '浙江省', city: '杭州市', district: '萧山区', detail: '***' })).toBe('浙江省杭州市萧山区 ***');
  expect(placeText({ province: '上海市', city: '上海市', district: '黄浦区' })).toBe('上海市黄浦区');
});
test('what was opened and is empty says so', () => {
  const rows = revealedRows({ 'receiver.address': { city: '杭州市', detail: '文三路 1 号' }, remark: null }, wordsOf('zh'));
  expect(rows.map(({ label, text }) => [label, text])).toEqual([
    ['详细地址', '杭州市 文三路 1 号'],
    ['备注', '（空）'],
  ]);
});
test('a receiver of whom there is a token only can be opened, and is not taken for nobody', () => {
  expect([isTokenOnly({ token: '***' }), isTokenOnly({ token: '***', name: '张**' }), isTokenOnly({}), isTokenOnly(null)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect([hasPersonal({ receiver: { token: '***' } }), hasPersonal({ receiver: {}, remark: '' }), hasPersonal({ buyer: null })]).toEqual([
    true,
    false,
    false,
  ]);
});
test('who did it, with what and where stands at the step of the history that it caused, while it is open', () => {
  const words = wordsOf('zh');
  const contexts = contextsIn({
    context: { 3: { operator: '李四', deviceFingerprint: 'pda-7', geo: { lat: 30.2, lng: 120.1 } }, 5: { operator: '王五' } },
  });
  expect(contextOf([2, 3], contexts, words)).toBe('李四 · 设备 pda-7 · 位置 30.2, 120.1');
  expect(contextOf([4, 5], contexts, words)).toBe('王五');
  expect(contextOf([3, 5], contexts, words)).toBe('李四 · 设备 pda-7 · 位置 30.2, 120.1 / 王五');
  expect([contextOf([4, 4], contexts, words), contextOf([3, 3], null, words), contextsIn({ remark: null })]).toEqual([null, null, null]);
});
