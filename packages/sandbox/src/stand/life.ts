/** People at the simulated Douyin who need nobody to press a button: they order, pay, change their minds and ask for their money. */
import type { Placing } from '../market/market.ts';
import { NotPossible } from '../market/actions.ts';
import type { Douyin } from '../doudian/server.ts';
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

type Act = (douyin: Douyin, order: OrderShown, dice: Dice) => void;
type Chances = readonly (readonly [share: number, act: Act])[];
const openCase = (order: OrderShown): string => order.afterSales.find((each) => each.isOpen)?.id ?? '';

const UNPAID: Chances = [
  [0.75, (douyin, { id }) => douyin.pay(id)],
  [0.08, (douyin, { id }) => douyin.pay(id, { underCheck: true })],
  [0.07, (douyin, { id }) => douyin.changeAddress(id)],
  [0.1, (douyin, { id }) => douyin.cancel(id)],
];
const UNDER_CHECK: Chances = [[0.5, (douyin, { id }) => douyin.release(id)]];
const PAID: Chances = [
  [0.05, (douyin, { id }) => douyin.changeAddress(id)],
  [0.03, (douyin, { id }) => douyin.writeNote(id, '加急')],
  [0.03, (douyin, { id, lines }) => void douyin.askRefund(id, { lineId: lines[0]?.id ?? '', fen: 500 })],
];
const LEFT: Chances = [
  [0.25, (douyin, { id }) => douyin.finish(id)],
  [0.02, (douyin, { id }) => void douyin.askRefund(id, { fen: 800 })],
];
const CASE: Chances = [
  [0.3, (douyin, order) => douyin.payBack(openCase(order))],
  [0.3, (douyin, order) => douyin.endCase(openCase(order), 'withdrawn')],
  [0.1, (douyin, order) => douyin.endCase(openCase(order), 'refused')],
];

function chancesOf(order: OrderShown): Chances {
  if (order.afterSales.some((each) => each.isOpen)) return CASE;
  if (order.state === 'unpaid') return UNPAID;
  if (order.state === 'under_check') return UNDER_CHECK;
  if (order.state !== 'paid') return [];
  return order.lines.every((line) => line.shipped >= line.quantity) ? LEFT : PAID;
}

export function startLife(douyin: Douyin, options: { readonly seed: number; readonly ratePerSecond: number }): Life {
  const dice = createDice(options.seed);
  const step = (): string | null => {
    if (dice.chance(NEW_ORDER_SHARE)) return douyin.place(placing(dice));
    const shown = douyin.shown(LOOKED_AT);
    if (shown.length === 0) return douyin.place(placing(dice));
    const order = dice.pick(shown);
    const act = draw(chancesOf(order), dice.next());
    if (act === null) return null;
    try {
      act(douyin, order, dice);
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
