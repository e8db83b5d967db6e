/** Why a channel did not take what we told it, in words for people. `docs/errors.md` is not its place: nobody asked us, we asked. */
export const WRITE_BACK_CAUSES = {
  no_answer: { zh: '渠道没有回答，会自动重试', en: 'the channel did not answer; it is tried again by itself' },
  throttled: { zh: '渠道限流，会放慢并自动重试', en: 'the channel asks us to slow down; it is tried again by itself' },
  no_token: { zh: '没有可用的授权令牌；请检查店铺的授权', en: 'there is no valid token; check the shop’s consent' },
  not_connected: { zh: '店铺没有通过应用接入；请接入后重试', en: 'the shop is not connected through an app; connect it, then try again' },
  risk_check: { zh: '订单在渠道风控中，放行后会自动重试', en: 'the order is in the channel’s risk check; it is tried again by itself' },
  after_sale_open: {
    zh: '买家的退款申请还没有处理；处理后会自动重试',
    en: 'the buyer’s refund request is open; it is tried again by itself, and succeeds once that is settled',
  },
  ended_there: {
    zh: '订单在渠道已取消、已完成或已退款，不能再发货；请拦截或走售后',
    en: 'the order is cancelled, finished or refunded at the channel and cannot be shipped; stop the parcel or open an after-sale',
  },
  unpaid_there: { zh: '渠道说订单未付款；请核对', en: 'the channel says that the order is not paid; check it' },
  number_wrong: {
    zh: '运单号或包裹在渠道不合规则；请在订单页更正这个包裹，或用 :ship',
    en: 'the channel does not take this tracking number; correct the parcel on the order’s page, or with :ship',
  },
  number_used: {
    zh: '运单号不能用于此订单（已用于别的订单、已取消、或与收货人不符）；请换单号，在订单页更正，或用 :ship',
    en: 'this tracking number cannot be used for the order (used by another one, cancelled, or for another receiver); correct the parcel on the order’s page, or with :ship',
  },
  carrier_wrong: {
    zh: '渠道不认识这个快递公司编码，或不支持；请在订单页更正承运商代码，或用 :ship',
    en: 'the channel does not know or take this carrier code; correct it on the order’s page, or with :ship',
  },
  shipped_otherwise: {
    zh: '渠道已记录了另外的包裹：有人在渠道后台发了货；请核对后更正',
    en: 'the channel holds other parcels: somebody shipped on its own pages; compare and correct',
  },
  phone_needed: {
    zh: '渠道要求这个快递公司的包裹带（掩码的）联系电话，堰没有；请在应用设置中填写寄件人电话后重试，或在渠道后台录入',
    en: 'the channel wants a (masked) phone with parcels of this carrier and Weir has none; set the sender’s phone in the app, then try again, or enter the parcel on the channel’s own pages',
  },
  corrections_used: {
    zh: '渠道只允许更正一次发货信息，已经用过；渠道上仍是旧包裹，请联系渠道客服',
    en: 'the channel lets shipping be corrected once and that was used; it still shows the former parcels: ask the channel’s support',
  },
  refused: {
    zh: '渠道拒绝了，原因见渠道代码；请处理后重试',
    en: 'the channel refused for a reason of its own, see its code; settle it, then try again',
  },
  failed: { zh: '堰自己出错，已记录；会自动重试', en: 'Weir itself failed and logged it; it is tried again by itself' },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>;
export type WriteBackCause = keyof typeof WRITE_BACK_CAUSES;
/** Why an order's detail could not be had from its channel. */
export const FETCH_CAUSES = {
  'fetch.refused': {
    zh: '向渠道取订单明细被拒绝，或多次没有取到',
    en: 'the channel refused the order’s detail, or did not give it in many tries',
  },
} as const;
/** What is told to a channel. */
export const WRITE_BACKS = ['ship', 'remark'] as const;
export type WriteBackWhat = (typeof WRITE_BACKS)[number];
