/** What the client makes of answers that are none, and how a shop’s token is had and kept. */
import type { Answer, Ask, Response, Send } from '@weir/connectors/adapter';
import { describe, expect, test } from 'vitest';
import { inWorld } from './group.test-support.ts';
import { type Candidate, START } from './world.test-support.ts';

/** More than any platform forgives. */
const CLOCK_OFF_MS = 3_600_000;
const answering = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Send => {
  const bytes = new Uint8Array(Buffer.from(body));
  const response: Response = { status, headers: new Headers(headers), arrayBuffer: async () => bytes.buffer };
  return async () => response;
};
export function calls({ adapter, app, shop }: Candidate): void {
  const one = (send: Send): Promise<Answer> =>
    adapter.createClient({ app, send, now: () => START }).call(adapter.token.first(shop, 'code'), null);
  describe('calls', () => {
    test.each([
      [500, '', 'retry'],
      [502, '<html>502</html>', 'retry'],
      [503, '{}', 'retry'],
      [200, '', 'retry'],
      [200, 'not json', 'retry'],
      [200, '[]', 'retry'],
    ] as const)('HTTP %i with %j may have happened, and is tried again', async (status, body, expected) => {
      const answer = await one(answering(status, body));
      expect(answer).toMatchObject({ ok: false, failure: { class: expected, mayHaveHappened: true } });
    });
    test('429 waits as long as it is told to', async () =>
      expect(await one(answering(429, '', { 'retry-after': '7' }))).toMatchObject({ ok: false, failure: { retryAfterMs: 7_000 } }));
    test('no network is no answer, and no secret stands in what is said of it', async () => {
      const answer = await one(async () => {
        throw new TypeError('fetch failed');
      });
      expect(answer).toMatchObject({ ok: false, failure: { class: 'retry', mayHaveHappened: true } });
      expect(JSON.stringify(answer)).not.toContain(app.secret);
    });
    test('every call carries a signature or a token, over https, and never the secret itself where it can be logged', async () => {
      const seen: string[] = [];
      await one(async (url, init) => {
        seen.push(url);
        return answering(500, '')(url, init);
      });
      expect(seen.length).toBe(1);
      expect(seen[0]).toMatch(/^https:\/\//);
    });
  });
}

export function tokens(candidate: Candidate): void {
  const { adapter, app, shop } = candidate;
  describe('tokens', () => {
    const world = inWorld(candidate, 11);
    test('a first one is had, is this shop’s, and is fresh', async () => {
      const token = await world().seller.token();
      expect(token).toMatchObject({ shop, accessToken: expect.stringMatching(/.{8,}/) });
      expect(adapter.token.state(token, world().clock.now())).toBe('fresh');
    });
    test('it grows old: fresh, then to be renewed, then ended', async () => {
      const token = await world().seller.token();
      expect(adapter.token.state(token, token.expiresAt - 1)).toBe('refresh');
      expect(adapter.token.state(token, token.expiresAt)).toBe('expired');
    });
    test('it is renewed', async () => {
      const { seller } = world();
      const token = await seller.token();
      const answer = await seller.client.call(adapter.token.refresh(token), null);
      expect(answer.ok && adapter.token.read(answer.data, world().clock.now(), shop).token).toMatchObject({ shop });
    });
    test.each([
      ['null', null],
      ['nothing in it', {}],
      ['a text', 'x'],
      ['a list', []],
    ] as const)('an answer that is %s is no token, and says why', (_, data) => {
      const { token, problems } = adapter.token.read(data, START, shop);
      expect(token).toBeNull();
      expect(problems.length).toBeGreaterThan(0);
    });
    test('a call with a token that nobody knows asks for another one', async () => {
      const { seller, clock } = world();
      const ask: Ask = (call) => seller.client.call(call, 'nobody-knows-this-token');
      const answer = await adapter.fetchDetail(ask, seller.subjectOf('1'), clock.now());
      expect(answer).toMatchObject({ ok: false, failure: { class: 'token_expired' } });
    });
    test('a clock of ours that is off is refused and tried again, for it is put right', async () => {
      const { platform, clock, seller } = world();
      const { accessToken } = await seller.token();
      const client = adapter.createClient({ app, send: fetch, now: () => clock.now() + CLOCK_OFF_MS, baseUrl: platform.url });
      const answer = await adapter.fetchDetail((call) => client.call(call, accessToken), seller.subjectOf('1'), clock.now());
      expect(answer).toMatchObject({ ok: false, failure: { class: 'retry' } });
    });
    test('another secret is refused for good, and known as such', async () => {
      const client = adapter.createClient({
        app: { ...app, secret: 'another-secret-altogether' },
        send: fetch,
        now: () => world().clock.now(),
        baseUrl: world().platform.url,
      });
      const answer = await client.call(adapter.token.first(shop, 'code'), null);
      expect(answer).toMatchObject({ ok: false, failure: { class: 'do_not', isKnown: true } });
    });
  });
}
