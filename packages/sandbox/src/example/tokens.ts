/** Access tokens of the simulated platform: they live for a day, a refresh token works once, and a new pair ends the old one. */
import { createHash } from 'node:crypto';
import { type Params, textIn } from '../market/params.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

const LIFE_SECONDS = 86_400;
/** Asked earlier than this before its end, a refresh gives the same pair back. */
const RENEW_AHEAD_SECONDS = 3_600;

export interface Tokens {
  create(params: Params, now: number): object | Refusal;
  refresh(params: Params, now: number): object | Refusal;
  isGood(token: string, now: number): boolean;
  /** Ends the present token before its time. */
  expire(): void;
}

export function createTokens(shop: string, seed: number): Tokens {
  let count = 0;
  let pair = { access: '', refresh: '', endsAt: 0 };
  const name = (kind: string): string => createHash('sha256').update(`${kind} ${seed} ${count}`).digest('hex').slice(0, 32);
  const tell = (now: number): object => {
    const { access, refresh, endsAt } = pair;
    return { access, refresh, seconds: endsAt - now, shop, shop_name: '模拟样例商城' };
  };
  const make = (now: number): object => {
    count += 1;
    pair = { access: name('access'), refresh: name('refresh'), endsAt: now + LIFE_SECONDS };
    return tell(now);
  };
  return {
    create: (params, now) => (textIn(params, 'shop') === shop ? make(now) : REFUSALS.grant),
    refresh(params, now) {
      if (pair.refresh === '' || params['refresh'] !== pair.refresh) return REFUSALS.grant;
      return pair.endsAt - now > RENEW_AHEAD_SECONDS ? tell(now) : make(now);
    },
    isGood: (token, now) => token !== '' && token === pair.access && now < pair.endsAt,
    expire: () => void (pair.endsAt = 0),
  };
}
