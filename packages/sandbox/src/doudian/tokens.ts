/** Access tokens of the simulated platform: they end after seven days, a refresh token works once, and a new pair kills the old one. */
import { createHash } from 'node:crypto';
import { type Params, textIn } from '../market/params.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

const ACCESS_SECONDS = 7 * 86_400;
const REFRESH_SECONDS = 14 * 86_400;
/** Asked earlier than this before the end, a refresh gives back the same token. */
const REFRESH_WINDOW_SECONDS = 3_600;

export interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly scope: 'SCOPE';
  readonly shop_id: string;
  readonly shop_name: string;
}
export interface Tokens {
  create(params: Params, now: number): TokenAnswer | Refusal;
  refresh(params: Params, now: number): TokenAnswer | Refusal;
  /** Null when the token is good. */
  check(token: string | null, now: number): Refusal | null;
  /** Ends the present token before its time. */
  expire(): void;
}

export function createTokens(shop: string, seed: number): Tokens {
  let count = 0;
  let pair = { access: '', refresh: '', bornAt: 0, isEnded: true };
  const make = (now: number): TokenAnswer => {
    count += 1;
    const name = (kind: string) => createHash('sha256').update(`${kind} ${seed} ${count}`).digest('hex').slice(0, 32);
    pair = { access: name('access'), refresh: name('refresh'), bornAt: now, isEnded: false };
    return tell(now);
  };
  const tell = (now: number): TokenAnswer => ({
    access_token: pair.access,
    refresh_token: pair.refresh,
    expires_in: pair.bornAt + ACCESS_SECONDS - now,
    scope: 'SCOPE',
    shop_id: shop,
    shop_name: '模拟抖店',
  });
  const left = (now: number): number => (pair.isEnded ? 0 : pair.bornAt + ACCESS_SECONDS - now);
  return {
    create: (params, now) =>
      params['grant_type'] === 'authorization_self' && textIn(params, 'shop_id') !== shop ? REFUSALS.refreshToken : make(now),
    refresh(params, now) {
      if (params['refresh_token'] !== pair.refresh || pair.refresh === '' || now > pair.bornAt + REFRESH_SECONDS)
        return REFUSALS.refreshToken;
      return left(now) > REFRESH_WINDOW_SECONDS ? tell(now) : make(now);
    },
    check(token, now) {
      if (token === null) return REFUSALS.tokenMissing;
      if (token !== pair.access || token === '') return REFUSALS.tokenUnknown;
      return left(now) <= 0 ? REFUSALS.tokenExpired : null;
    },
    expire: () => void (pair.isEnded = true),
  };
}
