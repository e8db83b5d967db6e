/** A trade and its refunds come by different calls: what becomes of an order when the two do not say the same. */
import { describe, expect, test } from 'vitest';
import { taobaoAdapter } from './adapter.ts';
import { detailOf, hear, judge, platform, SHOP, validate } from './judge.test-support.ts';
import { aTrade, OIDS, TID, tradeText } from './trade.test-support.ts';

type Members = Readonly<Record<string, unknown>>;
const refundOf = (oid: string, status: string, more: Members = {}) => ({
  refund_id: '1',
  tid: TID,
  oid,
  status,
  modified: '2026-02-22 10:00:00',
  refund_fee: '1.00',
  ...more,
});
const heard = (line: Members, refunds: readonly ReturnType<typeof refundOf>[]) => {
  const told = hear('detail', detailOf(aTrade({}, [{}, line]), refunds));
  return { ...told, message: told.messages[0] };
};

describe('a refund that stands beside a line without one', () => {
  test.each([
    ['asked for after the trade', { refund_phase: 'aftersale', status: 'WAIT_SELLER_AGREE' }],
    ['asked for after the trade and done', { refund_phase: 'aftersale', status: 'SUCCESS' }],
    ['an exchange', { dispute_type: 'TMALL_EXCHANGE', status: 'WAIT_BUYER_RETURN_GOODS' }],
    ['sent once more', { dispute_type: 'RESHIPPING', status: 'SUCCESS' }],
  ])('%s: the answer is whole', (_, more) => {
    const told = heard({ refund_status: 'NO_REFUND' }, [refundOf(OIDS[1], 'SUCCESS', more)]);
    expect(told).toMatchObject({ wants: [], problems: [] });
    expect(told.message?.partial).not.toBe(true);
    expect(validate(told.message).problems).toEqual([]);
  });
});

describe('a refund that says something else than its line', () => {
  test.each([
    [{ refund_status: 'NO_REFUND', refund_id: '1' }, 'WAIT_SELLER_AGREE'],
    [{ refund_status: 'CLOSED', refund_id: '1' }, 'WAIT_SELLER_AGREE'],
    [{ refund_status: 'WAIT_SELLER_AGREE', refund_id: '1' }, 'CLOSED'],
    [{ refund_status: 'WAIT_SELLER_AGREE' }, 'CLOSED'],
  ])('%j beside %s: the order is whole, that line waits, and nothing is asked again', (line, status) => {
    const told = heard(line, [refundOf(OIDS[1], status)]);
    expect(told).toMatchObject({ wants: [], problems: [] });
    expect(told.message).toMatchObject({ refunded: '0.00', doNotShip: [{ kind: 'after_sale', lineId: OIDS[1] }] });
    expect(told.message?.partial).not.toBe(true);
  });
  test.each([
    [{ refund_status: 'SUCCESS', refund_id: '1' }, [refundOf(OIDS[1], 'WAIT_SELLER_AGREE')]],
    [{ refund_status: 'SUCCESS', refund_id: '2' }, [refundOf(OIDS[1], 'SUCCESS')]],
    [{ refund_status: 'SUCCESS' }, []],
    [{ refund_status: 'WAIT_SELLER_AGREE', refund_id: '2' }, [refundOf(OIDS[1], 'CLOSED')]],
    [{ refund_status: 'WAIT_SELLER_AGREE' }, []],
  ])('%j: nobody tells of that refund, or how much went back, so a person looks', (line, refunds) => {
    expect(judge(heard(line, refunds))).toBe('held: field.not_allowed /trade/orders/order/1/refund_status');
  });
});

describe('fetching', () => {
  const FULL = 'taobao.trade.fullinfo.get';
  const [LIST, ONE] = ['taobao.refunds.receive.get', 'taobao.refund.get'];
  const full = (line: Members) => `{"trade_fullinfo_get_response":{"trade":${tradeText({ buyer_open_uid: 'B' }, [{}, line])}}}`;
  const list = (...refunds: readonly object[]) =>
    JSON.stringify({ refunds_receive_get_response: { total_results: refunds.length, refunds: { refund: refunds } } });
  const subject = { kind: 'order' as const, channel: 'taobao', shop: SHOP, id: TID };
  const fetch = async (script: Parameters<typeof platform>[0]) => {
    const { ask, asked } = platform(script);
    const read = await taobaoAdapter.fetchDetail(ask, subject, 0);
    return { told: read.ok ? hear('detail', read.value) : null, asked: asked.map(({ method }) => method) };
  };
  test('a line that shows a refund and names none: the refunds are read all the same', async () => {
    const { told, asked } = await fetch({ [FULL]: full({ refund_status: 'SUCCESS' }), [LIST]: list(refundOf(OIDS[1], 'SUCCESS')) });
    expect(asked).toEqual([FULL, LIST, FULL]);
    expect(told).toMatchObject({ wants: [], problems: [], messages: [{ refunded: '1.00' }] });
  });
  test('a list that lags behind: what the line names is asked for by itself', async () => {
    const { told, asked } = await fetch({
      [FULL]: full({ refund_status: 'SUCCESS', refund_id: '1' }),
      [LIST]: list(refundOf(OIDS[1], 'WAIT_SELLER_AGREE')),
      [ONE]: JSON.stringify({ refund_get_response: { refund: refundOf(OIDS[1], 'SUCCESS') } }),
    });
    expect(asked).toEqual([FULL, LIST, FULL, LIST, ONE, FULL]);
    expect(told).toMatchObject({ problems: [], messages: [{ refunded: '1.00', refunds: [{ status: 'done' }] }] });
  });
  test('what the platform itself holds differently is not read for ever', async () => {
    const { told, asked } = await fetch({
      [FULL]: full({ refund_status: 'NO_REFUND', refund_id: '1' }),
      [LIST]: list(refundOf(OIDS[1], 'WAIT_SELLER_AGREE')),
      [ONE]: JSON.stringify({ refund_get_response: { refund: refundOf(OIDS[1], 'WAIT_SELLER_AGREE') } }),
    });
    expect(asked.filter((method) => method === FULL)).toHaveLength(3);
    expect(told).toMatchObject({ wants: [], messages: [{ doNotShip: [{ lineId: OIDS[1] }] }] });
  });
});
