/** The access token of the simulated mini-program: two hours, the same for whoever asks until five minutes before its end. */
import { createHash } from 'node:crypto';
import type { Params } from '../market/params.ts';
import type { SandboxApp } from '../market/platform.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

const LIFE_SECONDS = 7_200;
const AHEAD_SECONDS = 300;

export interface Tokens {
  stable(params: Params, now: number): object | Refusal;
  /** Null when it is good. */
  check(token: string | null, now: number): Refusal | null;
  /** Ends the present one before its time. */
  expire(): void;
}
export function createTokens(app: SandboxApp, seed: number): Tokens {
  let count = 0;
  let [token, endsAt] = ['', 0];
  let expired = '';
  return {
    stable({ appid, secret, grant_type, force_refresh }, now) {
      if (appid !== app.key) return REFUSALS.appId;
      if (secret !== app.secret) return REFUSALS.secret;
      if (grant_type !== 'client_credential') return REFUSALS.format;
      if (force_refresh === true || endsAt - now <= AHEAD_SECONDS) {
        token = createHash('sha256').update(`token ${seed} ${++count}`).digest('base64url');
        endsAt = now + LIFE_SECONDS;
      }
      return { access_token: token, expires_in: endsAt - now };
    },
    check(told, now) {
      if (told === null || told === '' || (told !== token && told !== expired)) return REFUSALS.token;
      return told === expired || now >= endsAt ? REFUSALS.tokenExpired : null;
    },
    expire() {
      expired = token;
      [token, endsAt] = ['', 0];
    },
  };
}
