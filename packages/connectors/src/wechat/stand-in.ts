/**
 * WeChat knows a payment and no lines. So that the order is whole, one line stands in for them until the shop's own system tells the real ones under the same
 * channel, shop and number. Everything that such a system would tell itself is said here and nowhere else, with a time so early that any word of it wins.
 */
import { createHash } from 'node:crypto';
import type { NeutralOrder } from '@weir/contract';
import { formatFen } from '@weir/core';
import type { Discount } from '../discount-parts.ts';
import type { Paid } from './payments.ts';
import { chinaTimeMs } from './times.ts';

/** The day WeChat began: no shop has said anything before, and telling it again is telling nothing new. */
export const BEFORE_ANY_WORD = Date.parse('2011-01-21T00:00:00+08:00');
const LETTER_MS = 1_000_000;
export const STAND_IN_SKU = 'wechat-stand-in';
const TITLE = '微信订单';
const MAX_TITLE = 200;
const MAX_BUYER_ID = 128;

export interface StandsFor {
  readonly identity: Pick<NeutralOrder, 'channel' | 'shop' | 'channelOrderId'>;
  readonly paid: Paid;
  readonly discounts: readonly Discount[];
  readonly placedAt: string;
  readonly shipBy: string;
  readonly description: string | undefined;
  readonly openid: string | undefined;
}

/**
 * Nothing in it changes once the order is paid, but its title: WeChat joins what shipping calls the goods to it. Two titles with one time would be a conflict for a
 * person, so a longer one is a little newer, and of two as long their digests decide; 120 letters are a day and a half.
 */
function timeOf(title: string): string {
  const digest = createHash('sha256').update(title).digest().readUInt32BE() % LETTER_MS;
  return chinaTimeMs(BEFORE_ANY_WORD + title.length * LETTER_MS + digest);
}

/** `unitPrice` is what makes the sum hold: the total, and what coupons bore of it. */
export function standIn({ identity, paid, discounts, placedAt, shipBy, description, openid }: StandsFor): NeutralOrder {
  const title = (description ?? TITLE).slice(0, MAX_TITLE).toWellFormed();
  const taken = discounts.reduce((sum, { amount }) => sum + Number(amount.replace('.', '')), 0);
  return {
    schema: 1,
    ...identity,
    status: 'awaiting_payment',
    placedAt,
    modifiedAt: timeOf(title),
    ...(paid.currency === undefined ? {} : { currency: paid.currency }),
    lines: [
      {
        lineId: paid.transactionId,
        sku: STAND_IN_SKU,
        title,
        quantity: 1,
        unitPrice: formatFen(paid.totalFen + taken),
        discount: '0.00',
      },
    ],
    discounts: [...discounts],
    shippingFee: '0.00',
    payable: formatFen(paid.totalFen),
    paid: '0.00',
    refunded: '0.00',
    shipBy,
    ...(openid === undefined || openid.length > MAX_BUYER_ID ? {} : { buyer: { channelBuyerId: openid } }),
  };
}
