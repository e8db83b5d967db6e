/** What people do at one simulated platform. Whoever cannot do it just then leaves it. */
import { type Held, NotPossible, type OrderTruth, placeOf, type SimulatedPlatform } from '@weir/sandbox/market';
import type { Deed } from './platform-script.ts';

/** What people write there. */
export const NOTE = '加急';
/** Where our people send an order that they readdress: to no place at which anybody lives. */
export const ELSEWHERE = {
  name: '收货员',
  phone: '15400000000',
  province: '海南省',
  city: '三沙市',
  district: '南沙区',
  detail: '永暑路1号',
};

/** What is wanted of such an order. A person's address stands, unless the buyer chose another one at the platform: then either may, by whose clock said it later. */
export function sentElsewhere({ personal }: Pick<Held, 'personal'>, truth: OrderTruth): OrderTruth {
  const ours = placeOf(ELSEWHERE);
  return truth.addressVersion === 1 || placeOf(personal?.receiver ?? {}) === ours ? { ...truth, place: ours } : truth;
}

export type OurDeed = Extract<
  Deed,
  {
    what:
      | 'we ship'
      | 'we ship a piece'
      | 'we add a line'
      | 'we correct'
      | 'we correct the carrier'
      | 'we hold'
      | 'we let go'
      | 'we readdress';
  }
>;
export const isOurs = (deed: Deed): deed is OurDeed => deed.what.startsWith('we ');

/** However a platform ends an after-sale of which nobody wants to know any more. */
const endOf = (platform: SimulatedPlatform, id: string): void =>
  platform.can('endCase') ? platform.endCase(id, 'withdrawn') : platform.payBack(id);

export function attempt(deed: () => void): void {
  try {
    deed();
  } catch (error) {
    if (!(error instanceof NotPossible)) throw error;
  }
}

const ABOUT_CASES: ReadonlySet<Deed['what']> = new Set(['agree', 'pay back', 'withdraw', 'refuse']);

export function act(platform: SimulatedPlatform, deed: Exclude<Deed, OurDeed>, placed: string[], cases: string[]): void {
  if (deed.what === 'place')
    return void placed.push(platform.place({ ...deed.placing, isPresale: deed.placing.isPresale === true && platform.can('payDeposit') }));
  const list = ABOUT_CASES.has(deed.what) ? cases : placed;
  const id = list[deed.nth % list.length];
  if (id === undefined) return;
  switch (deed.what) {
    case 'pay deposit':
      return platform.payDeposit(id);
    case 'pay':
      return platform.pay(id);
    case 'pay under check':
      return platform.pay(id, { underCheck: platform.can('release') });
    case 'release':
      return platform.release(id);
    case 'cancel':
      return platform.cancel(id);
    case 'move house':
      return platform.changeAddress(id);
    case 'ask to move':
      return platform.applyForAddress(id);
    case 'ship there':
      return platform.ship(id, { carrier: 'shunfeng', trackingNumber: `THEIRS${id.replaceAll(/\D/g, '')}` });
    case 'write a note':
      return platform.writeNote(id, NOTE);
    case 'finish':
      return platform.finish(id);
    case 'ship a line there': {
      const [lineId, quantity, shipped] = lineOf(platform, id, deed.line);
      const parcel = { carrier: 'shunfeng', trackingNumber: `THEIRS${lineId.replaceAll(/\D/g, '')}L` };
      return platform.ship(id, { ...parcel, lines: [{ lineId, quantity: quantity - shipped }] });
    }
    case 'close a line':
      return platform.closeLine(id, lineOf(platform, id, deed.line)[0]);
    case 'change a price':
      return platform.changePrice(id, { lineId: lineOf(platform, id, deed.line)[0], fen: deed.fen });
    case 'ask a refund': {
      const [lineId] = lineOf(platform, id, deed.line);
      return void cases.push(platform.askRefund(id, deed.fen === null ? { lineId } : { lineId, fen: deed.fen }));
    }
    case 'complain':
    case 'be content':
      return platform.complain(id, deed.what === 'be content');
    case 'agree':
      return platform.agree(id);
    case 'pay back':
      return platform.payBack(id);
    case 'withdraw':
      return platform.endCase(id, 'withdrawn');
    case 'refuse':
      return platform.endCase(id, 'refused');
  }
}

/** Counted round and round, as orders are. */
function lineOf(platform: SimulatedPlatform, id: string, nth: number): OrderTruth['lines'][number] {
  const lines = platform.truth().get(id)?.lines ?? [];
  return lines[nth % lines.length] as OrderTruth['lines'][number];
}

/** What nobody decides any more: after-sales, complaints. */
export function endAll(platform: SimulatedPlatform, placed: readonly string[], cases: readonly string[]): void {
  for (const id of cases) attempt(() => endOf(platform, id));
  for (const id of placed) attempt(() => platform.complain(id, true));
}
