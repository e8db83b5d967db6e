import { expect, test } from 'vitest';
import type { Answer, Call, WriteBack } from '../adapter.ts';
import type { Json } from '../lossless-json.ts';
import { doudianWriteBack } from './write-back.ts';

const { tellShipped, writeOrderKey } = doudianWriteBack as Required<WriteBack>;
const ORDER = { kind: 'order', channel: 'douyin', shop: '1', id: '6930000000000002002' } as const;

/** A platform that answers every call with this. */
function platform(data: Json): { readonly ask: (call: Call) => Promise<Answer>; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    ask: async ({ method }) => {
      asked.push(method);
      return { ok: true, data, bytes: new Uint8Array(), logId: '' };
    },
  };
}

test.each([
  null,
  {},
  { shop_order_detail: null },
  { shop_order_detail: { seller_words: 'of nobody' } },
  { shop_order_detail: { order_id: '6930000000000002003', seller_words: 'of another' } },
])(
  'an answer that does not tell of this order is no order without a note or a parcel: nothing is written, nothing is shipped (%j)',
  async (data) => {
    const { ask, asked } = platform(data);
    const parcel = {
      id: 'p1',
      carrier: 'shunfeng',
      trackingNumber: 'SF1',
      former: [],
      lines: [{ lineId: '1', quantity: 1 }],
      requestId: 'r',
    };
    for (const told of [await writeOrderKey(ask, ORDER, 'DY2026022200872A'), await tellShipped(ask, ORDER, [parcel], 0)])
      expect(told).toMatchObject({ done: false, cause: 'no_answer', next: 'later' });
    expect(asked).toEqual(['order.orderDetail', 'order.orderDetail']);
  },
);
test('an older form of the id names the same order', async () => {
  const { ask, asked } = platform({ shop_order_detail: { order_id: `${ORDER.id}A`, seller_words: '加急' } });
  expect(await writeOrderKey(ask, ORDER, 'DY2026022200872A')).toMatchObject({ done: true });
  expect(asked).toEqual(['order.orderDetail', 'order.addOrderRemark']);
});
