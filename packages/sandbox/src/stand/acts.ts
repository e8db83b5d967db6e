/** What a person may do on the sandbox's page, each as one address of its JSON API. */
import type { Douyin } from '../doudian/server.ts';
import type { Placing, ShippedBy } from '../market/market.ts';

export type Body = Readonly<Record<string, unknown>>;
interface Act {
  readonly zh: string;
  readonly en: string;
  /** An example of the body; `{}` when there is nothing to say. */
  readonly body: Body;
  run(douyin: Douyin, id: string, body: Body): unknown;
}
const textIn = (body: Body, name: string, otherwise = ''): string =>
  typeof body[name] === 'string' && body[name] !== '' ? body[name] : otherwise;

/** On an order: POST /sandbox/orders/{id}:{act}. */
export const ORDER_ACTS: Readonly<Record<string, Act>> = {
  pay: {
    zh: '买家付款；underCheck 为真时先进风控',
    en: 'the buyer pays; with underCheck a risk check comes first',
    body: { underCheck: false },
    run: (douyin, id, body) => douyin.pay(id, { underCheck: body['underCheck'] === true }),
  },
  release: { zh: '风控放行', en: 'the risk check lets go', body: {}, run: (douyin, id) => douyin.release(id) },
  cancel: { zh: '未付款取消', en: 'cancelled before it was paid', body: {}, run: (douyin, id) => douyin.cancel(id) },
  changeAddress: { zh: '改收货地址', en: 'the address changes', body: {}, run: (douyin, id) => douyin.changeAddress(id) },
  applyForAddress: {
    zh: '买家申请改地址，等商家答复',
    en: 'the buyer wishes another address; the seller has to answer',
    body: {},
    run: (douyin, id) => douyin.applyForAddress(id),
  },
  ship: {
    zh: '有人在平台后台发货，可只发一部分',
    en: 'somebody ships on the platform’s own pages, whole or in part',
    body: { carrier: 'shunfeng', trackingNumber: 'SF0000000001' },
    run: (douyin, id, body) => douyin.ship(id, parcelIn(body)),
  },
  finish: { zh: '确认收货', en: 'the buyer has received it', body: {}, run: (douyin, id) => douyin.finish(id) },
  askRefund: {
    zh: '申请退款；不写 fen 即该行全部',
    en: 'a refund is asked for; without fen all of the line',
    body: { lineId: '', fen: 100 },
    run: (douyin, id, body) => ({
      afterSale: douyin.askRefund(id, {
        ...(textIn(body, 'lineId') === '' ? {} : { lineId: textIn(body, 'lineId') }),
        ...(Number.isInteger(body['fen']) ? { fen: body['fen'] as number } : {}),
      }),
    }),
  },
  writeNote: {
    zh: '有人在平台后台写商家备注',
    en: 'somebody writes the seller’s note on the platform’s pages',
    body: { words: '加急' },
    run: (douyin, id, body) => douyin.writeNote(id, textIn(body, 'words')),
  },
};

/** On an after-sale: POST /sandbox/after-sales/{id}:{act}. */
export const CASE_ACTS: Readonly<Record<string, Act>> = {
  payBack: { zh: '退款成功', en: 'the money goes back', body: {}, run: (douyin, id) => douyin.payBack(id) },
  withdraw: { zh: '买家撤销', en: 'the buyer takes it back', body: {}, run: (douyin, id) => douyin.endCase(id, 'withdrawn') },
  refuse: { zh: '商家拒绝', en: 'the seller refuses', body: {}, run: (douyin, id) => douyin.endCase(id, 'refused') },
};

export function parcelIn(body: Body): ShippedBy {
  const lines = Array.isArray(body['lines']) ? (body['lines'] as NonNullable<ShippedBy['lines']>) : undefined;
  const parcel = { carrier: textIn(body, 'carrier', 'shunfeng'), trackingNumber: textIn(body, 'trackingNumber', `SB${Date.now()}`) };
  return lines === undefined ? parcel : { ...parcel, lines };
}

const MOST_LINES = 20;
export function placingIn(body: Body): Placing {
  const [lines, promotion, buyerId] = [body['lines'], body['promotion'], body['buyerId']];
  return {
    ...(Number.isInteger(lines) && (lines as number) >= 1 && (lines as number) <= MOST_LINES ? { lines: lines as number } : {}),
    ...(promotion === 'none' || promotion === 'told' || promotion === 'untold' ? { promotion } : {}),
    ...(typeof buyerId === 'string' && buyerId !== '' ? { buyerId } : {}),
  };
}
