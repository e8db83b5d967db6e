/** Access tokens of a shop: how to ask, what the answer says, when to ask again. Who keeps them is the server's affair. */
import { problem } from '@weir/contract';
import type { TokenCalls } from '../adapter.ts';
import { Fields } from '../fields.ts';
import { RENEW_AHEAD_MS } from './tables.ts';

export const tokenCalls: TokenCalls = {
  /** An app that belongs to the shop itself needs no code. */
  first: (shop, code) => ({ method: 'token.create', params: code === undefined ? { shop } : { shop, code } }),
  refresh: ({ refreshToken }) => ({ method: 'token.refresh', params: { refresh: refreshToken } }),
  /** The lifetime counts from when it was asked for, so that a slow answer shortens it. */
  read(data, askedAt) {
    const from = new Fields(data, '/data');
    const [accessToken, refreshToken, shop, shopName] = ['access', 'refresh', 'shop', 'shop_name'].map((name) => from.text(name));
    const seconds = from.whole('seconds');
    if (!accessToken || !refreshToken || !shop || seconds === undefined || seconds <= 0) {
      const expected = 'access, refresh, shop, seconds';
      return { token: null, problems: [problem('field.missing', '/data', { expected })] }; // no reading: a token must not stand in a log
    }
    const expiresAt = askedAt + seconds * 1_000;
    return { token: { accessToken, refreshToken, expiresAt, shop, ...(shopName === undefined ? {} : { shopName }) }, problems: [] };
  },
  state: ({ expiresAt }, now) => (now >= expiresAt ? 'expired' : now >= expiresAt - RENEW_AHEAD_MS ? 'refresh' : 'fresh'),
};
