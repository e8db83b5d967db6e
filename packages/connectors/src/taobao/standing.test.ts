/** A trade that left in part: its lines may name no parcel yet, the list does. */
import { expect, test } from 'vitest';
import type { LeftParcel } from '../adapter.ts';
import { platform, refusal, SHOP } from './judge.test-support.ts';
import { OIDS, TID, tradeText } from './trade.test-support.ts';
import { taobaoWriteBack } from './write-back.ts';

const YES = {
  'alibaba.ascp.logistics.offline.send': '{"alibaba_ascp_logistics_offline_send_response":{"result":{"success":true}}}',
  'taobao.logistics.consign.resend': '{"logistics_consign_resend_response":{"shipping":{"is_success":true}}}',
};
const listed = (number: string, oid: string): string =>
  `{"logistics_orders_get_response":{"shippings":{"shipping":[{"out_sid":"${number}","sub_tids":{"number":[${oid}]}}]}}}`;

async function tell(parcel: Partial<LeftParcel>, trade: Parameters<typeof tradeText>, list: string) {
  const { ask, asked } = platform({
    'taobao.trade.fullinfo.get': `{"trade_fullinfo_get_response":{"trade":${tradeText(...trade)}}}`,
    'taobao.logistics.orders.get': list,
    ...YES,
  });
  const lines = [{ lineId: OIDS[1], quantity: 1 }];
  const all = [{ id: 'p1', carrier: 'SF', trackingNumber: 'SF1', former: [], lines, requestId: 'r', ...parcel }];
  const told = await taobaoWriteBack.tellShipped(ask, { kind: 'order', channel: 'taobao', shop: SHOP, id: TID }, all, 0);
  return { told, calls: asked.filter(({ method }) => method in YES).map(({ params }) => params) };
}

const IN_PART = [[{ is_part_consign: true }], [{ status: 'SELLER_CONSIGNED_PART' }]] as const;
test.each(IN_PART)('%j: the list is read though no line names a parcel, and what stands there is not told again', async (trade) => {
  expect(await tell({}, [trade], listed('SF1', OIDS[1]))).toEqual({ told: { done: true, packIds: {} }, calls: [] });
  expect((await tell({}, [trade], listed('SF7', OIDS[0]))).calls).toMatchObject([{ consign_type: 1 }]);
});
test.each(IN_PART)('%j: without the right to the list a person compares before a part of a line is told', async (trade) => {
  const { told, calls } = await tell({}, [trade], refusal('isv.permission-api-package-limit', 11));
  expect([told, calls]).toMatchObject([{ cause: 'refused', next: 'person', failure: { subCode: 'unlisted' } }, []]);
});
test('a trade that has not left is told without a look at the list', async () => {
  expect((await tell({}, [{ is_part_consign: false }], refusal('isp.timeout'))).told.done).toBe(true);
});
test('a number of the only parcel that has left is corrected by its lines, unless those are all', async () => {
  const corrected = (trade: Parameters<typeof tradeText>, list: string) =>
    tell({ trackingNumber: 'SF9', former: ['SF1'], lines: [{ lineId: OIDS[0], quantity: 1 }] }, trade, list);
  const left = { status: 'WAIT_BUYER_CONFIRM_GOODS', invoice_no: 'SF1' };
  const part = await corrected([{ status: 'SELLER_CONSIGNED_PART' }, [left, { status: 'WAIT_SELLER_SEND_GOODS' }]], listed('SF1', OIDS[0]));
  expect(part.calls).toEqual([{ tid: TID, out_sid: 'SF9', company_code: 'SF', sub_tid: OIDS[0], is_split: 1 }]);
  const whole = await corrected([{ status: left.status }, [left, left]], listed('SF1', OIDS.join(',')));
  expect(whole.calls).toEqual([{ tid: TID, out_sid: 'SF9', company_code: 'SF' }]);
});
