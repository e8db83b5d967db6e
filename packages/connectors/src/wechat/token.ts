/** The mini-program's token: one for all shops (merchant numbers) of the app, without a refresh token. Source: stable_token, read 2026-11-25 by way of our protocol notes. */
import { type Problem, problem } from '@weir/contract';
import type { Token, TokenCalls } from '../adapter.ts';
import { Fields } from '../fields.ts';
import type { Json } from '../lossless-json.ts';
import { stableToken } from './requests.ts';

/** WeChat gives a new token from five minutes before the end; asked earlier it gives the same one. Source: general knowledge. */
export const ASK_AHEAD_MS = 4 * 60_000;

export const wechatToken: TokenCalls = {
  first: stableToken,
  refresh: stableToken,
  read: readToken,
  state: (token, now) => (now >= token.expiresAt ? 'expired' : now >= token.expiresAt - ASK_AHEAD_MS ? 'refresh' : 'fresh'),
};

/** The answer does not say whose it is: it is of the app whose secret was shown. The lifetime counts from the question. */
function readToken(data: Json, askedAt: number, shop: string): { readonly token: Token | null; readonly problems: readonly Problem[] } {
  const from = new Fields(data, '/data');
  const accessToken = from.text('access_token');
  const lifetime = Number(from.text('expires_in') ?? Number.NaN);
  if (accessToken !== undefined && lifetime > 0)
    return { token: { accessToken, refreshToken: '', expiresAt: askedAt + lifetime * 1_000, shop }, problems: [] };
  return { token: null, problems: [problem('field.missing', '/data', { expected: 'access_token, expires_in' })] }; // no reading: a token must not stand in a log
}
