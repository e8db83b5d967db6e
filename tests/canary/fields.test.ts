import { NeutralOrder, OrderState, PartialOrder } from '@weir/contract';
import Type from 'typebox';
import { expect, test } from 'vitest';
import { maskPhone } from '../../apps/server/src/access/masks.ts';
import { REVIEWED, unjudged } from './reviewed.ts';
import type { Schema } from './walk.ts';

const MESSAGE = [NeutralOrder, PartialOrder] as unknown as Schema[];

test('every field of the neutral order is either reviewed as public or personal', () => {
  expect(unjudged(MESSAGE, REVIEWED.message)).toEqual([]);
});
test('every field of the public state, which events and webhooks carry, is reviewed', () => {
  expect(unjudged([OrderState as unknown as Schema], REVIEWED.state)).toEqual([]);
});
test('a new field is guilty until it is listed, and the sentence says what to do', () => {
  const grown = Type.Object({
    ...NeutralOrder.properties,
    lines: Type.Array(Type.Object({ note: Type.Optional(Type.String()) })),
    gift: Type.Boolean(),
  });
  const said = unjudged([...MESSAGE, grown], REVIEWED.message);
  expect(said).toEqual([expect.stringContaining('/lines/*/note is new and guilty'), expect.stringContaining('/gift is new and guilty')]);
  expect(said[0]).toContain('public-fields.json');
});
test('a listed field that is personal or gone is noticed', () => {
  expect(unjudged(MESSAGE, [...REVIEWED.message, '/receiver/phone', '/nickname'])).toEqual([
    expect.stringContaining('/receiver/phone is listed as public but belongs to PERSONAL_FIELDS'),
    expect.stringContaining('/nickname is listed as public but no schema has it'),
  ]);
});
test('a masked phone number hides at least four digits, however short it is', () => {
  for (let length = 1; length <= 40; length++) {
    const number = '1234567890'.repeat(4).slice(0, length);
    const shown = maskPhone(number).replace(/\D/g, '').length;
    expect(shown, number).toBeLessThanOrEqual(Math.max(0, length - 4));
  }
});
