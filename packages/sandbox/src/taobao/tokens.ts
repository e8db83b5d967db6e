/** Access tokens ("session") of the simulated platform: they live for a day, a refresh token works once, and a new pair ends the old one. */
import { createHash } from 'node:crypto';
import { type Params, textIn } from '../market/params.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

const ACCESS_SECONDS = 86_400;

export interface Tokens {
  create(params: Params, now: number): object | Refusal;
  refresh(params: Params, now: number): object | Refusal;
  /** Null when the token is good. */
  check(session: string | null, now: number): Refusal | null;
  /** Ends the present token before its time. */
  expire(): void;
}

export function createTokens(shop: string, nick: string, seed: number): Tokens {
  let count = 0;
  let pair = { access: '', refresh: '', bornAt: 0, isEnded: true };
  function make(now: number): object {
    count += 1;
    const name = (kind: string) => createHash('sha256').update(`taobao ${kind} ${seed} ${count}`).digest('hex').slice(0, 40);
    pair = { access: `6${name('access')}`, refresh: `6${name('refresh')}`, bornAt: now, isEnded: false };
    const result = {
      access_token: pair.access,
      refresh_token: pair.refresh,
      token_type: 'Bearer',
      expires_in: ACCESS_SECONDS,
      expire_time: (now + ACCESS_SECONDS) * 1_000,
      re_expires_in: 0,
      taobao_user_id: shop,
      taobao_user_nick: encodeURIComponent(nick),
    };
    return { token_result: JSON.stringify(result) };
  }
  return {
    create: (params, now) => (textIn(params, 'code') === '' ? REFUSALS.code : make(now)),
    refresh: (params, now) => (pair.refresh === '' || textIn(params, 'refresh_token') !== pair.refresh ? REFUSALS.refreshToken : make(now)),
    check(session, now) {
      if (session === null || session === '') return REFUSALS.sessionMissing;
      return session !== pair.access || pair.isEnded || now >= pair.bornAt + ACCESS_SECONDS ? REFUSALS.session : null;
    },
    expire: () => void (pair.isEnded = true),
  };
}
