/** A refund that is done before the goods leave: the whole price of a line, or a difference in price. */
import { describe, expect, test } from 'vitest';
import { hear, platform, refusal, SHOP } from './judge.test-support.ts';
import { aTrade, OIDS, TID, tradeText } from './trade.test-support.ts';
import { taobaoWriteBack } from './write-back.ts';

type Members = Readonly<Record<string, unknown>>;
const refundOf = (refund_fee: string, more: Members = {}) => ({
  refund_id: '1',
  tid: TID,
  oid: OIDS[0],
  status: 'SUCCESS',
  modified: '2026-02-22 10:00:00',
  refund_fee,
  ...more,
});
const BACK = { refund_status: 'SUCCESS', refund_id: '1', divide_order_fee: '117.73' };

describe('the sign that a line must wait', () => {
  const signs = (refunds: readonly object[], line: Members = BACK, all = true, trade: Members = {}) =>
    hear('detail', Buffer.from(JSON.stringify({ refunds, trade: aTrade(trade, [line, {}]), all }))).messages[0]?.doNotShip;
  test('ends with a refund that left something of its price: the goods are still to be sent', () => {
    expect(signs([refundOf('5.00')])).toEqual([]);
    expect(signs([refundOf('5.00'), refundOf('112.72', { refund_id: '2' })])).toEqual([]);
  });
  test('stays when all of its price went back, in one refund or in several, with postage or without', () => {
    for (const refunds of [[refundOf('117.73')], [refundOf('125.73')], [refundOf('5.00'), refundOf('112.73', { refund_id: '2' })]])
      expect(signs(refunds)).toMatchObject([{ kind: 'after_sale', lineId: OIDS[0], code: 'SUCCESS' }]);
  });
  test('stays while that is not known', () => {
    const holds = [{ kind: 'after_sale', lineId: OIDS[0] }];
    expect(signs([refundOf('5.00')], BACK, false)).toMatchObject(holds); // perhaps only the newest of its refunds
    expect(signs([refundOf('5.00')], { ...BACK, divide_order_fee: '' }, true, { discount_fee: '20.00' })).toMatchObject(holds);
    expect(signs([refundOf('0.00', { dispute_type: 'TMALL_EXCHANGE' })])).toMatchObject(holds);
  });
  test('counts by the payment of the line where nothing was taken off the trade', () => {
    expect(signs([refundOf('5.00')], { ...BACK, payment: '129.00', divide_order_fee: undefined })).toEqual([]);
  });
  test('is there again with the next request', () => {
    const line = { ...BACK, refund_status: 'WAIT_SELLER_AGREE', refund_id: '2' };
    const asked = refundOf('3.00', { refund_id: '2', status: 'WAIT_SELLER_AGREE' });
    expect(signs([refundOf('5.00'), asked], line)).toMatchObject([{ code: 'WAIT_SELLER_AGREE' }]);
    expect(signs([refundOf('5.00'), { ...asked, status: 'CLOSED' }], { ...line, refund_status: 'CLOSED' })).toEqual([]);
  });
});

describe('telling what left', () => {
  const ALL = [
    { lineId: OIDS[0], quantity: 1 },
    { lineId: OIDS[1], quantity: 2 },
  ];
  const parcel = { id: 'p1', carrier: 'SF', trackingNumber: 'SF1', former: [], lines: ALL, requestId: 'r' };
  const tell = async (list: string) => {
    const trade = tradeText({ buyer_open_uid: 'B' }, [BACK, {}]);
    const { ask } = platform({
      'taobao.trade.fullinfo.get': `{"trade_fullinfo_get_response":{"trade":${trade}}}`,
      'taobao.refunds.receive.get': list,
      'taobao.refund.get': JSON.stringify({ refund_get_response: { refund: refundOf('5.00') } }),
      'taobao.logistics.offline.send': '{"logistics_offline_send_response":{"shipping":{"is_success":true}}}',
    });
    return taobaoWriteBack.tellShipped(ask, { kind: 'order', channel: 'taobao', shop: SHOP, id: TID }, [parcel], 0);
  };
  const listed = (refund_fee: string) =>
    JSON.stringify({ refunds_receive_get_response: { total_results: 1, refunds: { refund: [refundOf(refund_fee)] } } });
  test('a difference in price does not end the line; all of its price does, and so does what cannot be known', async () => {
    expect(await tell(listed('5.00'))).toMatchObject({ done: true });
    expect(await tell(listed('117.73'))).toMatchObject({ cause: 'ended_there', next: 'person' });
    expect(await tell(refusal('isv.permission-api-package-limit', 11))).toMatchObject({ cause: 'ended_there', next: 'person' });
    expect(await tell(refusal('isp.timeout'))).toMatchObject({ cause: 'no_answer', next: 'later' });
  });
});
