/** What the sender sends: orders in five versions, each a whole message with its own source time. */
export const SHOP = { channel: 'own', shop: 'crash' } as const;
export const VERSIONS = 5;

const START = Date.parse('2026-02-20T12:00:00Z');
const minute = (n: number): string => new Date(START + n * 60_000).toISOString();
const CITIES = ['杭州市', '宁波市', '绍兴市', '温州市', '嘉兴市'] as const;

/** Awaiting payment, paid, moved to another city, another remark, shipped. */
export function orderVersion(serial: number, version: number): Record<string, unknown> {
  const amount = `${10 + (serial % 90)}.${String(serial % 100).padStart(2, '0')}`;
  const isPaid = version >= 1;
  return {
    schema: 1,
    ...SHOP,
    channelOrderId: idOf(serial),
    status: version >= 4 ? 'shipped' : isPaid ? 'paid' : 'awaiting_payment',
    placedAt: minute(0),
    modifiedAt: minute(version),
    ...(isPaid ? { paidAt: minute(1), payments: [{ id: `p${serial}`, amount, at: minute(1), kind: 'full' }] } : {}),
    ...(version >= 4 ? { shippedAt: minute(4), shipments: [shipmentOf(serial)] } : {}),
    lines: [{ lineId: '1', sku: 'TEA-01', title: '龙井 250g', quantity: 1, unitPrice: amount, discount: '0.00' }],
    discounts: [],
    shippingFee: '0.00',
    payable: amount,
    paid: isPaid ? amount : '0.00',
    refunded: '0.00',
    receiver: { name: '张三', phone: '13800138000', province: '浙江省', city: cityOf(serial, version), detail: `科苑路${serial}号` },
    remark: version >= 3 ? '改放门卫' : '请放门口',
  };
}
export const idOf = (serial: number): string => `crash-${serial}`;
const amountOf = (serial: number): string => orderVersion(serial, 0)['payable'] as string;
/** What an order shows once this version of it, or none yet newer, was worked. */
export const shownOf = (serial: number, version: number): { readonly status: string; readonly payable: string; readonly paid: string } => ({
  status: version >= VERSIONS - 1 ? 'shipped' : version >= 1 ? 'paid' : 'awaiting_payment',
  payable: amountOf(serial),
  paid: version >= 1 ? amountOf(serial) : '0.00',
});
export const cityOf = (serial: number, version: number): string => CITIES[(serial + (version >= 2 ? 1 : 0)) % CITIES.length] as string;
const shipmentOf = (serial: number) => ({
  id: `s${serial}`,
  carrier: 'sf',
  trackingNumber: `SF${serial}`,
  at: minute(4),
  lines: [{ lineId: '1', quantity: 1 }],
});
