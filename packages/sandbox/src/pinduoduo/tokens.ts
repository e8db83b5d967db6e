/** Access tokens of the simulated platform: a grant has an end, refreshing gives a new token with the same end, and a new consent ends what was before. */
import { createHash } from 'node:crypto';
import { type Params, textIn } from '../market/params.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

const GRANT_SECONDS = 86_400;

export interface Tokens {
  create(params: Params, now: number): object;
  refresh(params: Params, now: number): object;
  /** Null when the token is good. */
  check(token: string | null, now: number): Refusal | null;
  /** Ends the present token before its time. */
  expire(): void;
}

export function createTokens(shop: string, seed: number): Tokens {
  let count = 0;
  let grant = { access: '', refresh: '', endsAt: 0, isEnded: true };
  const make = (endsAt: number, now: number): object => {
    count += 1;
    const name = (kind: string): string => createHash('sha256').update(`${kind} ${seed} ${count}`).digest('hex').slice(0, 40);
    grant = { access: name('access'), refresh: name('refresh'), endsAt, isEnded: false };
    return {
      access_token: grant.access,
      refresh_token: grant.refresh,
      expires_in: endsAt - now,
      expires_at: endsAt,
      owner_id: shop,
      owner_name: '模拟拼多多店铺',
      scope: ['pdd.order.information.get'],
    };
  };
  return {
    create: (params, now) => (textIn(params, 'code') === '' ? REFUSALS.code : make(now + GRANT_SECONDS, now)),
    refresh: (params, now) =>
      textIn(params, 'refresh_token') === grant.refresh && grant.refresh !== '' && now < grant.endsAt
        ? make(grant.endsAt, now)
        : REFUSALS.code,
    check: (token, now) => (token !== grant.access || token === '' || grant.isEnded || now >= grant.endsAt ? REFUSALS.token : null),
    expire: () => void (grant.isEnded = true),
  };
}
