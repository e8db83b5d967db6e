/**
 * The messages that Douyin pushes: what each is about, the field that holds its time, and what must stand in it for us to believe that the
 * named thing has happened. Source: message pages of the open platform as three SDKs and the published event samples hold them; read
 * 2026-11-25 by way of our protocol notes. A tag that is not here is an unmapped code.
 */
import type { AfterSaleState } from './after-sale-tables.ts';

export type Tag =
  /** Something about an order. `orderStatus`: what order_status must say so that the message and its tag agree. */
  | { readonly about: 'order'; readonly proves: OrderNews; readonly time: string; readonly orderStatus: readonly string[] }
  /**
   * Something about an after-sale. `states`: what its status may mean so that the message and its tag agree. `proves`: what is written down, where the
   * status says more than the tag.
   */
  | { readonly about: 'after_sale'; readonly time: string; readonly states: readonly AfterSaleState[]; readonly proves?: 'agreed' }
  /** The buyer wants something that the seller has to answer; no field of the order shows it, neither open nor answered. */
  | { readonly about: 'order'; readonly proves: 'wish'; readonly time: string }
  /** Go and look; the message itself proves nothing that we could write down. */
  | { readonly about: 'order' | 'after_sale'; readonly proves: 'nothing' }
  /** Of the platform's supply chain (代发): names no order of a shop. */
  | { readonly about: 'supply_chain' };
export type OrderNews = 'created' | 'paid' | 'left' | 'left_in_part' | 'completed' | 'cancelled' | 'address';

const look = (about: 'order' | 'after_sale'): Tag => ({ about, proves: 'nothing' });
/** The seller's yes. A status of success may stand beside it, and a message tells nothing of the money: only 206 says that it is back. */
const agreed = (time: string): Tag => ({ about: 'after_sale', time, states: ['agreed', 'done'], proves: 'agreed' });
const refund = (time: string, ...states: AfterSaleState[]): Tag => ({ about: 'after_sale', time, states });
const news = (proves: OrderNews, time: string, ...orderStatus: string[]): Tag => ({ about: 'order', proves, time, orderStatus });

export const PROBE = '0';
export const TAGS: ReadonlyMap<string, Tag> = new Map([
  ['100', news('created', 'create_time', '1')],
  ['101', news('paid', 'pay_time', '2', '105')],
  ['102', news('left', 'update_time', '3')],
  ['103', news('completed', 'complete_time', '5')],
  ['104', look('order')], // tracking number changed
  ['105', news('address', 'update_time', '1', '2', '101', '105')],
  ['106', news('cancelled', 'cancel_time', '4')],
  ['108', news('left_in_part', 'update_time', '101')],
  ['109', look('order')], // amounts changed: total_amount does not say whether it is before or after discounts
  ['110', news('paid', 'pay_time', '2', '105')], // some senders use 101 and 110 the other way round; order_status decides
  ['111', { about: 'order', proves: 'wish', time: 'apply_time' }], // a change of address was asked for, not made
  ['112', look('order')],
  ['113', look('order')],
  ['126', look('order')],
  ['200', refund('apply_time', 'requested')],
  ['201', agreed('agree_time')],
  ['202', refund('agree_time', 'agreed')],
  ['203', refund('return_time', 'agreed')],
  ['204', refund('refuse_time', 'refused')],
  ['205', refund('refuse_time', 'refused')],
  ['206', refund('success_time', 'done')],
  ['207', refund('close_time', 'withdrawn')],
  ['208', refund('modify_time', 'requested')],
  ['209', look('after_sale')], // its deadline moved
  ['211', look('after_sale')],
  ['212', look('after_sale')],
  ['216', look('after_sale')],
  ['217', look('after_sale')],
  ['218', look('after_sale')],
  ['500', { about: 'supply_chain' }],
  ['501', { about: 'supply_chain' }],
  ['504', { about: 'supply_chain' }],
  ['505', { about: 'supply_chain' }],
]);
