import { problemDocument } from '@weir/contract/errors';
import { expect, test } from 'vitest';
import { ApiError } from '../api/client.ts';
import { wordsOf } from '../words/words.ts';
import { problemsOf, sentenceFor } from './sentence.ts';

const refused = (document: ReturnType<typeof problemDocument>) => new ApiError(document.status, document.code, document);

test('a refusal speaks the chosen language, the words of its statuses too', () => {
  const error = refused(problemDocument('order.step_not_allowed', { lineId: 'L1', from: 'paid', to: 'shipped' }));
  expect(sentenceFor(error, wordsOf('zh'))).toBe('第 L1 行处于「已付款」，不能变为「已出库」');
  expect(sentenceFor(error, wordsOf('en'))).toBe('Line L1 is Paid and cannot become Shipped');
});
test('a code newer than this console is told in the server’s own sentence', () => {
  const document = {
    ...problemDocument('order.not_found'),
    code: 'order.on_mars' as 'order.not_found',
    detailZh: '在火星',
    detail: 'on Mars',
  };
  expect(sentenceFor(refused(document), wordsOf('zh'))).toBe('在火星');
});
test('no answer at all, and an answer that is not ours, say so', () => {
  expect(sentenceFor(new ApiError(0, 'network.down', null), wordsOf('zh'))).toContain('连不上服务器');
  expect(sentenceFor(new ApiError(502, 'network.odd', null), wordsOf('en'))).toContain('HTTP 502');
});
test('the problems of a refusal are told with their place', () => {
  const error = refused(problemDocument('review.still_wrong', {}, [{ pointer: '/payable', zh: '对不上', en: 'does not add up' }]));
  expect(problemsOf(error, wordsOf('zh'))).toEqual(['/payable：对不上']);
});
