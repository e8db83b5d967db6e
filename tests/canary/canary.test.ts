import { beforeAll, describe, expect, test } from 'vitest';
import { type Driven, drive } from './drive.ts';
import { leaksIn } from './find.ts';
import { guiltySeen, strangersSaw, tokensSeen } from './judge.ts';

describe('with a canary in every place of an order, as every role, over every route', () => {
  let driven: Driven;
  beforeAll(async () => {
    driven = await drive();
  });

  test('no personal value is seen in any answer, header, log line, stored row, file or stream, but by :reveal to a role that may', () => {
    expect(guiltySeen(driven)).toEqual([]);
  });
  test('a token is seen in the answer that made it and nowhere else, in no stored row either', () => {
    const { made, leaks } = tokensSeen(driven);
    expect(made).toBeGreaterThan(10);
    expect(leaks).toEqual([]);
  });
  test('somebody of another shop, and nobody, sees no value at all', () => {
    expect(strangersSaw(driven)).toEqual([]);
  });
  test('somebody of another shop is refused everything about one order', () => {
    const answered = driven.replies.filter(
      ({ who, path, status }) =>
        who.scope === 'another shop' && /^\/v1\/(orders|messages|outcomes|reviews)\/[0-9A-Z]/.test(path) && status < 400,
    );
    expect(answered.map(({ request, status }) => `${status} ${request}`)).toEqual([]);
  });
  test('no request ended in a fault of the server', () => {
    expect(
      driven.replies
        .filter(({ status, path }) => status >= 500 && path !== '/readyz')
        .map(({ request, status, text }) => `${status} ${request} ${text}`),
    ).toEqual([]);
  });
  test('the evidence is worth searching: public values stand in it, revealed ones too, and every kind of it is there', () => {
    const publicSeen = (evidence: Parameters<typeof leaksIn>[0]) => leaksIn(evidence, driven.planter.innocent).length;
    expect(publicSeen(driven.stored.filter(({ where }) => where === 'table events'))).toBeGreaterThan(0);
    expect(publicSeen(driven.replies.map(({ request, text }) => ({ where: request, text })))).toBeGreaterThan(0);
    const revealed = driven.replies.filter(({ path, status }) => path.endsWith(':reveal') && status === 200);
    expect(
      leaksIn(
        revealed.map(({ request, text }) => ({ where: request, text })),
        driven.planter.guilty,
      ).length,
    ).toBeGreaterThan(0);
    const granted = leaksIn(driven.granted, driven.planter.guilty).map(({ canary }) => canary.split(' ')[0]);
    expect(granted).toContain('/receiver/phone');
    expect(granted.filter((pointer) => !/^\/(receiver\/(phone|province|city|district|detail)|remark)$/.test(pointer as string))).toEqual(
      [],
    );
    for (const table of [
      'inbox',
      'outcomes',
      'events',
      'orders',
      'order_list',
      'blind_index',
      'review_cases',
      'dead_letters',
      'audit',
      'import_parts',
    ])
      expect(driven.stored.filter(({ where }) => where === `table ${table}`).length, table).toBeGreaterThan(0);
    expect(driven.logs.length).toBeGreaterThan(0);
    expect(driven.streams.some(({ text }) => text.includes('event: changes'))).toBe(true);
    expect(driven.replies.length).toBeGreaterThan(3_000);
  });
});
