/** Access tokens of a shop: how to ask, what the answer says, and when to ask again. Source: public documents of the open platform as SDKs hold them [G], read 2026-11-25. */
import { type Problem, problem } from '@weir/contract';
import type { Token, TokenCalls } from '../adapter.ts';
import { Fields } from '../fields.ts';

/** Refreshing does not lengthen what the shop has granted, so asking early is of no use: just in time that no call meets the end. */
const REFRESH_AHEAD_MS = 5_000;

export const pinduoduoToken: TokenCalls = {
  /** Every shop has to agree, also one that owns the app: without a code the platform refuses. */
  first: (_shop, code) => ({ method: 'pdd.pop.auth.token.create', params: { code: code ?? '' } }),
  refresh: (token) => ({ method: 'pdd.pop.auth.token.refresh', params: { refresh_token: token.refreshToken } }),
  /** `owner_id` is the shop's number. The earlier of the two ends counts; the lifetime runs from when we asked, so that a slow answer shortens it. */
  read(data, askedAt) {
    const from = new Fields(data, '');
    const [accessToken, refreshToken, shop] = (['access_token', 'refresh_token', 'owner_id'] as const).map((name) => from.text(name));
    const ends = [askedAt + Number(from.text('expires_in') ?? Number.NaN) * 1_000, Number(from.text('expires_at') ?? Number.NaN) * 1_000];
    const expiresAt = Math.min(...ends.filter((end) => Number.isFinite(end)));
    if (accessToken && refreshToken && shop && Number.isFinite(expiresAt) && expiresAt > askedAt) {
      const shopName = from.text('owner_name');
      const token: Token = { accessToken, refreshToken, expiresAt, shop, ...(shopName === undefined ? {} : { shopName }) };
      return { token, problems: [] };
    }
    const expected = 'access_token, refresh_token, owner_id, expires_in or expires_at';
    const problems: readonly Problem[] = [problem('field.missing', '', { expected })]; // no reading: a token must not stand in a log
    return { token: null, problems };
  },
  state: (token, now) => (now >= token.expiresAt ? 'expired' : now >= token.expiresAt - REFRESH_AHEAD_MS ? 'refresh' : 'fresh'),
};
