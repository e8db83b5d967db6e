/** A whole, right neutral order; a test names only what matters to it. */
export function neutralOrder(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    schema: 1,
    channel: 'own',
    shop: 's1',
    channelOrderId: '1001',
    status: 'paid',
    placedAt: '2026-02-20T20:22:08+08:00',
    paidAt: '2026-02-20T20:23:00+08:00',
    modifiedAt: '2026-02-20T20:23:00+08:00',
    currency: 'CNY',
    lines: [
      { lineId: '1', sku: 'TEA-01', title: '龙井 250g', quantity: 2, unitPrice: '50.00', discount: '10.00' },
      { lineId: '2', sku: 'CUP-07', title: '品茗杯', quantity: 1, unitPrice: '30.00', discount: '0.00' },
    ],
    discounts: [{ name: '满减', amount: '10.00', payer: 'platform' }],
    shippingFee: '4.00',
    payable: '114.00',
    paid: '114.00',
    refunded: '0.00',
    payments: [{ id: 'p1', amount: '114.00', at: '2026-02-20T20:23:00+08:00', kind: 'full' }],
    buyer: { name: '张三丰', phone: '13800138000' },
    receiver: {
      name: '张三丰',
      phone: '13800138000',
      province: '浙江省',
      city: '杭州市',
      district: '萧山区',
      detail: '科苑路1999号2幢301',
    },
    remark: '请放门口',
    ...more,
  };
}
