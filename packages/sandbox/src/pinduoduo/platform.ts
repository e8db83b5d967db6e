/** The simulated Pinduoduo without a network: a market with its ids, messages, tokens and answers to calls. */
import { realClock } from '../clock.ts';
import { NotPossible } from '../market/actions.ts';
import { createKeptMessages, type KeptMessages } from '../market/mailbox.ts';
import { createMarket, type Market, type Shelf } from '../market/market.ts';
import { piecesLeft } from '../market/order.ts';
import type { Params } from '../market/params.ts';
import type { PlatformOptions } from '../market/platform.ts';
import type { Checked } from './check-call.ts';
import { isListed, showsReceiver } from './numbers.ts';
import { messageOf, TOPICS } from './payloads.ts';
import { casesByChange, checkRefunds, decrypt, orderDetail, ordersByChange, ordersByConfirmation } from './queries.ts';
import { REFUSALS, type Refusal } from './refusals.ts';
import { addParcels, sendOrder, writeNote } from './seller-calls.ts';
import { createTokens, type Tokens } from './tokens.ts';

export interface Platform extends Market {
  readonly kept: KeptMessages;
  /** The name under which a call answers, and what; a call that has passed `checkCall`: its token is checked here. */
  answer(call: Checked): object | Refusal;
}
/** The message ids of a frame have 19 digits, so that neighbours are one and the same double. */
const FIRST_MESSAGE = 1_497_653_284_401_152_001n;
const EIGHT_HOURS = 28_800;
const SHUNFENG = '44';

export function createPlatform(options: PlatformOptions): Platform {
  const { shop, seed, clock = realClock } = options;
  let count = 0n;
  const { market, shelf } = createMarket(
    { ...options, clock },
    {
      mostLines: 1,
      countsPieces: false,
      tellsReceiver: showsReceiver,
      isListed,
      without: ['applyForAddress', 'closeLine', 'changePrice', 'complain'],
      newIds(next, _, now) {
        const day = new Date((now + EIGHT_HOURS) * 1_000).toISOString().slice(2, 10).replaceAll('-', '');
        const order = `${day}-${next().slice(-15)}`;
        return { order, lines: [order] };
      },
      tell(order, news) {
        const topic = TOPICS[news.what];
        if (topic === null || !isListed(order)) return;
        const id = String(FIRST_MESSAGE + count++);
        kept.hand({ id, orderId: order.id, at: order.updatedAt * 1_000, body: messageOf(order, shop, topic, news) });
      },
    },
  );
  const kept = createKeptMessages({ clock, dice: market.dice, rates: market.rates });
  const tokens = createTokens(shop, seed);
  return {
    ...market,
    kept,
    ship(id, parcel) {
      const order = shelf.orders.get(id);
      const all = order === undefined ? [] : piecesLeft(order);
      const isPart = parcel.lines !== undefined && JSON.stringify(parcel.lines) !== JSON.stringify(all);
      if (isPart) throw new NotPossible('no part of an order leaves on this platform');
      // Carriers are numbers here; people who ship by another platform's word mean the usual one.
      market.ship(id, { ...parcel, carrier: /^\d+$/.test(parcel.carrier) ? parcel.carrier : SHUNFENG });
    },
    answer(call) {
      if (call.token !== null && market.dice.chance(market.rates().tokenExpiry)) tokens.expire();
      return answerCall(shelf, tokens, call, market.now());
    },
  };
}

type Work = (shelf: Shelf, params: Params, now: number) => object | Refusal;
/** The calls that are simulated, and the name that each answers under: two follow from nothing. */
const CALLS: Readonly<Record<string, readonly [root: string, work: Work]>> = {
  'pdd.order.number.list.increment.get': ['order_sn_increment_get_response', ordersByChange],
  'pdd.order.list.get': ['order_list_get_response', ordersByConfirmation],
  'pdd.order.information.get': ['order_info_get_response', orderDetail],
  'pdd.refund.list.increment.get': ['refund_increment_get_response', casesByChange],
  'pdd.refund.status.check': ['refund_status_check_response', checkRefunds],
  'pdd.logistics.online.send': ['logistics_online_send_response', sendOrder],
  'pdd.order.upload.extra.logistics': ['upload_extra_logistics_response', addParcels],
  'pdd.order.note.update': ['response', writeNote],
  'pdd.open.decrypt.batch': ['open_decrypt_batch_response', decrypt],
  // The sandbox's shop is permitted from the beginning; asking again changes nothing.
  'pdd.pmc.user.permit': ['pmc_user_permit_response', () => ({ is_success: true })],
};
/** Lists in whose walk something may move under the reader. */
const WALKED: ReadonlySet<string> = new Set(['pdd.order.number.list.increment.get', 'pdd.order.list.get']);

function answerCall(shelf: Shelf, tokens: Tokens, { type, params, token }: Checked, now: number): object | Refusal {
  if (type === 'pdd.pop.auth.token.create') return under('pop_auth_token_create_response', tokens.create(params, now));
  if (type === 'pdd.pop.auth.token.refresh') return under('pop_auth_token_refresh_response', tokens.refresh(params, now));
  const refused = tokens.check(token, now);
  if (refused !== null) return refused;
  if (WALKED.has(type) && Number(params['page']) > 1) shelf.drift();
  const found = Object.hasOwn(CALLS, type) ? CALLS[type] : undefined;
  return found === undefined ? REFUSALS.noRight : under(found[0], found[1](shelf, params, now));
}
export const isRefusal = (found: object): found is Refusal => 'error_code' in found;
const under = (root: string, found: object): object => (isRefusal(found) ? found : { [root]: found });
