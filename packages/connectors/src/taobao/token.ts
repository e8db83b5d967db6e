/** Access tokens ("session") of a seller: how to ask, what the answer says, and when to ask again. */
import { type Problem, problem } from '@weir/contract';
import type { Call, Token, TokenState } from '../adapter.ts';
import { Fields, filled } from '../fields.ts';
import { type Json, parseLossless } from '../lossless-json.ts';

/** The seller's consent gave us the code; the platform knows no app that needs none. Source: token calls of the official SDKs, general knowledge, 2026-11-25. */
export const createToken = (code: string | undefined): Call => ({ method: 'taobao.top.auth.token.create', params: { code: code ?? '' } });
export const refreshToken = ({ refreshToken: token }: Token): Call => ({
  method: 'taobao.top.auth.token.refresh',
  params: { refresh_token: token },
});

/**
 * `token_result` is JSON text inside the JSON. The shop is the seller's user id, the same number that stands in each message as `user_id`; a sub-account's own id
 * is another field. The lifetime counts from when we asked, so that a slow answer shortens it.
 */
export function readToken(data: Json, askedAt: number): { readonly token: Token | null; readonly problems: readonly Problem[] } {
  const result = new Fields(data).at('token_result');
  const from = new Fields(typeof result === 'string' ? parseLossless(result) : result);
  const [accessToken, refresh, shop] = (['access_token', 'refresh_token', 'taobao_user_id'] as const).map((name) => from.text(name));
  const expiresAt = endOf(from, askedAt);
  if (accessToken && refresh && shop && expiresAt > askedAt) {
    const shopName = nickOf(from);
    return {
      token: { accessToken, refreshToken: refresh, expiresAt, shop, ...(shopName === undefined ? {} : { shopName }) },
      problems: [],
    };
  }
  const expected = 'access_token, refresh_token, taobao_user_id, expires_in';
  return { token: null, problems: [problem('field.missing', '/token_result', { expected })] }; // no reading: a token must not stand in a log
}

/** Seconds from now, or the moment itself in milliseconds. */
function endOf(from: Fields, askedAt: number): number {
  const lifetime = Number(from.text('expires_in') ?? Number.NaN);
  const end = Number(from.text('expire_time') ?? Number.NaN);
  if (lifetime > 0 && Number.isFinite(lifetime)) return askedAt + lifetime * 1_000;
  return Number.isFinite(end) ? end : 0;
}

/** Percent-encoded in some answers. */
function nickOf(from: Fields): string | undefined {
  const nick = from.text('taobao_user_nick');
  try {
    return nick === undefined ? undefined : filled(decodeURIComponent(nick));
  } catch {
    return nick;
  }
}

/** Our judgement: sellers tell that a token may be renewed at any time of its life. */
export const REFRESH_AHEAD_MS = 60 * 60_000;
export const tokenState = (token: Token, nowMs: number): TokenState =>
  nowMs >= token.expiresAt ? 'expired' : nowMs >= token.expiresAt - REFRESH_AHEAD_MS ? 'refresh' : 'fresh';
