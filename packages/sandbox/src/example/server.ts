/** The simulated Example Market on a port of this machine: a market with its ids, its calls checked by its page, its hints signed and pushed. */
import { realClock } from '../clock.ts';
import { createMailbox, type Mailbox } from '../market/mailbox.ts';
import { createMarket, type Market } from '../market/market.ts';
import type { PlatformOptions, SimulatedPlatform } from '../market/platform.ts';
import { pushOnce } from '../market/push.ts';
import { openServer, type WireAnswer, type WireCall } from '../market/server.ts';
import { CALLS, type Desk } from './calls.ts';
import { hintOf } from './payloads.ts';
import { REFUSALS, type Refusal } from './refusals.ts';
import { type Checked, checkCall, explain, signPush } from './sign.ts';
import { createTokens, type Tokens } from './tokens.ts';

const CHANNEL = 'example';
const MOST_LINES = 20;
const MAX_HINTS_PER_PUSH = 10;

export async function createExample(options: PlatformOptions): Promise<SimulatedPlatform> {
  const { app, shop, seed, clock = realClock } = options;
  let pushUrl = options.pushUrl ?? null;
  let count = 0;
  const { market, shelf } = createMarket(
    { ...options, clock },
    {
      mostLines: MOST_LINES,
      isListed: () => true,
      without: ['payDeposit', 'applyForAddress', 'closeLine', 'changePrice', 'complain'],
      newIds(next, lines) {
        const order = next();
        return { order, lines: Array.from({ length: lines }, (_, i) => `${order}-${i + 1}`) };
      },
      tell(order, news) {
        const id = `${shop}-${order.id}-${++count}`;
        mailbox.hand({ id, orderId: order.id, at: order.updatedAt * 1_000, body: JSON.stringify(hintOf(id, order, news)) });
      },
    },
  );
  const mailbox: Mailbox = createMailbox({
    clock,
    dice: market.dice,
    rates: market.rates,
    mostAtOnce: MAX_HINTS_PER_PUSH,
    carry: (hints) => (pushUrl === null ? null : push(options, pushUrl, market.now(), hints)),
  });
  const [desk, tokens] = [{ ...shelf, shop }, createTokens(shop, seed)];
  const server = await openServer(market, options, (call) => answerTo(options, market, desk, tokens, call));
  return {
    ...market,
    ...server,
    channel: CHANNEL,
    app,
    shop,
    mailbox,
    explain: (signed) => explain(app, signed),
    pushTo: (url) => void (pushUrl = url),
  };
}

/** Taken when it is answered with HTTP 200; anything else and it is sent again. */
async function push({ app, shop, fetch: send = fetch, onPush }: PlatformOptions, url: string, now: number, hints: readonly string[]) {
  const body = `{"shop":${JSON.stringify(shop)},"hints":[${hints.join(',')}]}`;
  const sent = await pushOnce(send, url, signPush(app, now, body), body);
  onPush?.(sent);
  return sent.status === 200;
}

function answerTo({ app }: PlatformOptions, market: Market, desk: Desk, tokens: Tokens, call: WireCall): WireAnswer {
  const checked = market.dice.chance(market.rates().throttled) ? REFUSALS.throttled : checkCall(app, call, market.now());
  const found = isRefusal(checked) ? checked : work(market, desk, tokens, checked);
  const said = isRefusal(found) ? { ...found, data: null } : { code: 0, message: 'ok', data: found };
  return {
    name: call.url.pathname.replace(/^\/api\//, ''),
    refused: isRefusal(found) ? String(found.code) : null,
    status: 200,
    body: JSON.stringify(said),
  };
}
const isRefusal = (found: object): found is Refusal => 'code' in found;

function work(market: Market, desk: Desk, tokens: Tokens, { method, token, params }: Checked): object | Refusal {
  const now = market.now();
  if (method === 'token.create') return tokens.create(params, now);
  if (method === 'token.refresh') return tokens.refresh(params, now);
  if (market.dice.chance(market.rates().tokenExpiry)) tokens.expire();
  if (!tokens.isGood(token, now)) return REFUSALS.token;
  return (Object.hasOwn(CALLS, method) ? CALLS[method] : undefined)?.(desk, params, now) ?? REFUSALS.method;
}
