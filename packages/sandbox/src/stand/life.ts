/** People at a simulated platform who need nobody to press a button: they order, pay, change their minds and ask for their money. */
import type { Market, Placing } from '../market/market.ts';
import { NotPossible } from '../market/actions.ts';
import type { OrderShown } from '../market/shown.ts';
import { createDice, type Dice } from '../random.ts';

export interface Life {
  /** One thing that somebody does; null: nobody did anything. */
  step(): string | null;
  stop(): void;
}
const NEW_ORDER_SHARE = 0.3;
/** Who looks further back finds orders that nobody cares for any more. */
const LOOKED_AT = 80;
const LEAST_PAUSE_MS = 50;

type Act = (market: Market, order: OrderShown, dice: Dice) => void;
type Chances = readonly (readonly [share: number, act: Act])[];
const openCase = (order: OrderShown): string => order.afterSales.find((each) => each.isOpen)?.id ?? '';

const UNPAID: Chances = [
  [0.75, (market, { id }) => market.pay(id)],
  [0.08, (market, { id }) => market.pay(id, { underCheck: market.can('release') })],
  [0.07, (market, { id }) => market.changeAddress(id)],
  [0.1, (market, { id }) => market.cancel(id)],
];
const BALANCE: Chances = [[0.6, (market, { id }) => market.pay(id)]];
const UNDER_CHECK: Chances = [[0.5, (market, { id }) => market.release(id)]];
const PAID: Chances = [
  [0.05, (market, { id }) => market.changeAddress(id)],
  [0.03, (market, { id }) => market.writeNote(id, '加急')],
  [0.03, (market, { id, lines }) => void market.askRefund(id, { lineId: lines[0]?.id ?? '', fen: 500 })],
];
const LEFT: Chances = [
  [0.25, (market, { id }) => market.finish(id)],
  [0.02, (market, { id }) => void market.askRefund(id, { fen: 800 })],
];
const CASE: Chances = [
  [0.3, (market, order) => market.payBack(openCase(order))],
  [0.3, (market, order) => market.endCase(openCase(order), 'withdrawn')],
  [0.1, (market, order) => market.endCase(openCase(order), 'refused')],
];

function chancesOf(order: OrderShown): Chances {
  if (order.afterSales.some((each) => each.isOpen)) return CASE;
  if (order.state === 'unpaid') return UNPAID;
  if (order.state === 'deposit_paid') return BALANCE;
  if (order.state === 'under_check') return UNDER_CHECK;
  if (order.state !== 'paid') return [];
  return order.lines.every((line) => line.shipped >= line.quantity) ? LEFT : PAID;
}

export function startLife(market: Market, options: { readonly seed: number; readonly ratePerSecond: number }): Life {
  const dice = createDice(options.seed);
  const step = (): string | null => {
    if (dice.chance(NEW_ORDER_SHARE)) return market.place(placing(dice));
    const shown = market.shown(LOOKED_AT);
    if (shown.length === 0) return market.place(placing(dice));
    const order = dice.pick(shown);
    const act = draw(chancesOf(order), dice.next());
    if (act === null) return null;
    try {
      act(market, order, dice);
    } catch (error) {
      if (!(error instanceof NotPossible)) throw error;
      return null; // somebody was quicker
    }
    return order.id;
  };
  const timer = options.ratePerSecond > 0 ? setInterval(step, Math.max(LEAST_PAUSE_MS, 1_000 / options.ratePerSecond)) : undefined;
  return { step, stop: () => clearInterval(timer) };
}

const placing = (dice: Dice): Placing => ({ promotion: dice.pick(['none', 'told', 'told', 'untold'] as const) });

function draw(chances: Chances, at: number): Act | null {
  let passed = 0;
  for (const [share, act] of chances) if (at < (passed += share)) return act;
  return null;
}
