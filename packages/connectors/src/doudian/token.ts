/** Access tokens of a shop: how to ask, what the answer says, and when to ask again. Who keeps them is the server's affair. */
import { type Problem, problem } from '@weir/contract';
import type { Call, Token, TokenState } from '../adapter.ts';
import { Fields } from '../fields.ts';
import type { Json } from '../lossless-json.ts';

/** An app that its own shop uses needs no code; everybody else gets one when the seller agrees. Source: token.create, read 2026-11-25 by way of our protocol notes. */
export const createOwnToken = (shop: string): Call => ({
  method: 'token.create',
  params: { grant_type: 'authorization_self', code: '', shop_id: shop },
});
export const createToken = (code: string): Call => ({ method: 'token.create', params: { grant_type: 'authorization_code', code } });
export const refreshToken = (token: Token): Call => ({
  method: 'token.refresh',
  params: { grant_type: 'refresh_token', refresh_token: token.refreshToken },
});

/** `askedAt`: when the call was made, ms since 1970; the lifetime counts from then, so that a slow answer shortens it. */
export function readToken(data: Json, askedAt: number): { readonly token: Token | null; readonly problems: readonly Problem[] } {
  const from = new Fields(data, '/data');
  const [accessToken, refresh, shop] = (['access_token', 'refresh_token', 'shop_id'] as const).map((name) => from.text(name));
  const lifetime = Number(from.text('expires_in') ?? Number.NaN);
  if (accessToken && refresh && shop && lifetime > 0) {
    const shopName = from.text('shop_name');
    const expiresAt = askedAt + lifetime * 1_000;
    return {
      token: { accessToken, refreshToken: refresh, expiresAt, shop, ...(shopName === undefined ? {} : { shopName }) },
      problems: [],
    };
  }
  const expected = 'access_token, refresh_token, shop_id, expires_in';
  return { token: null, problems: [problem('field.missing', '/data', { expected })] }; // no reading: a token must not stand in a log
}

/** Earlier than this the platform answers with the same token, so asking is of no use (our judgement; the notes say "long before expiry"). */
export const REFRESH_AHEAD_MS = 30 * 60_000;
export const tokenState = (token: Token, nowMs: number): TokenState =>
  nowMs >= token.expiresAt ? 'expired' : nowMs >= token.expiresAt - REFRESH_AHEAD_MS ? 'refresh' : 'fresh';
