import { expect, test } from 'vitest';
import { EVENT_TYPES } from '@weir/contract/statuses';
import { problemDocument } from '@weir/contract/errors';
import { ApiError } from '../api/client.ts';
import { wordsOf } from '../words/words.ts';
import { CHOSEN_TYPES, EMPTY_ENDPOINT, newFaults, type NewForm, refusedFields, wishOf } from './new-form.ts';

const zh = wordsOf('zh');
const FORM: NewForm = { ...EMPTY_ENDPOINT, name: ' ERP ', url: ' https://erp.example.com/hooks ' };

test('what nobody narrowed is not named, and what was typed is sent without the spaces around it', () => {
  expect(wishOf(FORM)).toEqual({ name: 'ERP', url: 'https://erp.example.com/hooks', startAt: 'now' });
  const narrow: NewForm = { ...FORM, eventTypes: ['order.paid'], shops: ['own/s1'], startAt: 'earliest', personalFields: ['remark'] };
  expect(wishOf(narrow)).toMatchObject({ eventTypes: ['order.paid'], shops: ['own/s1'], startAt: 'earliest', personalFields: ['remark'] });
});
test('what every endpoint is told is not offered for choice', () => {
  expect(EVENT_TYPES.filter((type) => !CHOSEN_TYPES.includes(type))).toEqual(['order.erased', 'order.restored']);
});
test.each([
  ['nothing', EMPTY_ENDPOINT, ['name', 'url']],
  ['an address without its scheme', { ...FORM, url: 'erp.example.com/hooks' }, ['url']],
  ['an address of another kind', { ...FORM, url: 'ftp://erp.example.com' }, ['url']],
  ['an address without a host', { ...FORM, url: 'https://' }, ['url']],
  ['no event', { ...FORM, eventTypes: [] }, ['eventTypes']],
  ['no shop', { ...FORM, shops: [] }, ['shops']],
  ['all that is needed', FORM, []],
] as const)('%s', (_what, form, names) => {
  expect(Object.keys(newFaults(form, zh))).toEqual(names);
});
test('the server’s problems stand at their fields; one of another field is shown as the whole refusal', () => {
  const refusal = (...pointers: readonly string[]) =>
    new ApiError(
      422,
      'request.invalid',
      problemDocument(
        'request.invalid',
        {},
        pointers.map((pointer) => ({ pointer, zh: '不行', en: 'no' })),
      ),
    );
  expect(refusedFields(refusal('/url', '/shops/3'), zh)).toEqual({ url: '不行', shops: '不行' });
  for (const pointer of ['/urls', '/personalFields/0', '/startAt', '']) expect(refusedFields(refusal('/url', pointer), zh)).toEqual({});
  expect(refusedFields(new Error('network'), zh)).toEqual({});
});
