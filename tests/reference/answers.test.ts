/** What is really answered on every road of the canary's drive, held against what the routes say about themselves. */
import { type ErrorCode, OrderAnswer, ProblemBody } from '@weir/contract';
import type { TSchema } from 'typebox';
import { Errors } from 'typebox/value';
import { beforeAll, expect, test } from 'vitest';
import { errorsOf, isMedia } from '../../apps/server/src/web/index.ts';
import type { Reply } from '../canary/collect.ts';
import { type Driven, drive } from '../canary/drive.ts';
import { declarationFor } from './match.ts';

let driven: Driven;
beforeAll(async () => {
  driven = await drive({ small: true });
});

const isRefusal = ({ headers }: Reply): boolean => headers.includes('application/problem+json');
const found = (reply: Reply) => declarationFor(driven.declared, reply.request.split(' ')[0] as string, reply.path);
const wrongIn = (schema: TSchema, text: string): string[] =>
  Errors(schema, JSON.parse(text)).map((error) => `${error.instancePath} ${error.message}`);

test('a form that differs in one field is noticed', () => {
  const order = driven.replies.find((reply) => found(reply)?.id === 'readOrder' && reply.status === 200) as Reply;
  expect(wrongIn(OrderAnswer, order.text)).toEqual([]);
  expect(wrongIn(OrderAnswer, order.text.replace('{', '{"extra":1,'))).not.toEqual([]);
  expect(wrongIn(OrderAnswer, order.text.replace('"version":', '"versions":'))).not.toEqual([]);
});

test('every good answer has exactly the declared form', () => {
  const wrong = driven.replies.flatMap((reply) => {
    const declared = found(reply);
    if (declared === undefined || isRefusal(reply)) return [];
    const answer = declared.answers[reply.status];
    if (answer === undefined) return [`${reply.request}: ${reply.status} is not declared`];
    return isMedia(answer) ? [] : wrongIn(answer, reply.text).map((each) => `${reply.request}: ${each}`);
  });
  expect([...new Set(wrong)].slice(0, 20)).toEqual([]);
});

test('every refusal is a problem document with a code that the route declares', () => {
  const refusals = driven.replies.filter(isRefusal);
  expect(refusals.length).toBeGreaterThan(100);
  const wrong = refusals.flatMap((reply) => {
    const { code } = JSON.parse(reply.text) as { code: ErrorCode };
    const declared = found(reply);
    const isKnown = declared === undefined ? code === 'request.not_found' : errorsOf(declared).includes(code);
    return [
      ...(isKnown ? [] : [`${reply.request}: ${code}`]),
      ...wrongIn(ProblemBody, reply.text).map((each) => `${reply.request}: ${each}`),
    ];
  });
  expect([...new Set(wrong)].slice(0, 20)).toEqual([]);
});

/** Needs a road of its own: a secret of one answer, a socket, a removal. */
const NOT_DRIVEN = [
  'logOut',
  'readStream',
  'revokeToken',
  'pauseEndpoint',
  'resumeEndpoint',
  'removeEndpoint',
  'addPerson',
  'resetPerson',
  'removePerson',
];
test('the drive went over every route but the few that are tested in their rooms', () => {
  const seen = new Set(driven.replies.map((reply) => found(reply)?.id));
  const missing = driven.declared.filter(({ id }) => !seen.has(id)).map(({ id }) => id);
  expect(missing.filter((id) => !NOT_DRIVEN.includes(id))).toEqual([]);
});
