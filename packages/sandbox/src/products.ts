/** What the simulated shop sells. Prices in fen. */
export interface Product {
  readonly sku: string;
  readonly title: string;
  readonly priceFen: number;
}

export const PRODUCTS: readonly Product[] = [
  { sku: 'TEA-LJ-100', title: '明前龙井 100g', priceFen: 16_800 },
  { sku: 'TEA-PE-357', title: '云南普洱熟茶饼 357g', priceFen: 9_900 },
  { sku: 'CUP-CEL-2', title: '龙泉青瓷对杯', priceFen: 12_900 },
  { sku: 'POT-ZS-180', title: '宜兴紫砂壶 180ml', priceFen: 39_900 },
  { sku: 'SILK-SC-01', title: '真丝方巾 · 青绿', priceFen: 25_900 },
  { sku: 'FAN-ZJ-07', title: '苏绣团扇', priceFen: 6_850 },
  { sku: 'NOOD-RG-5', title: '热干面 5 袋装', priceFen: 2_990 },
  { sku: 'SAUCE-HG-2', title: '老灶火锅底料 2 袋', priceFen: 3_580 },
  { sku: 'NUT-XJ-500', title: '新疆纸皮核桃 500g', priceFen: 4_560 },
  { sku: 'HON-CB-1', title: '长白山椴树蜜 1kg', priceFen: 8_800 },
  { sku: 'INK-AN-60', title: '徽墨 60g', priceFen: 5_601 },
  { sku: 'PAPER-XZ-50', title: '泾县宣纸 四尺 50 张', priceFen: 13_333 },
];
export const GIFTS: readonly Product[] = [
  { sku: 'GIFT-CARD', title: '手写贺卡（赠品）', priceFen: 0 },
  { sku: 'GIFT-SAMPLE', title: '试饮小样（赠品）', priceFen: 0 },
];
/** Free without being a gift: it stands at price zero in the catalogue. */
export const FREE_ITEM: Product = { sku: 'BAG-PAPER', title: '环保纸袋', priceFen: 0 };
export const CARRIERS = ['sf', 'jd', 'yto', 'zto'] as const;
export const DISCOUNTS = [
  { name: '店铺满减', payer: 'shop' },
  { name: '平台红包', payer: 'platform' },
  { name: '达人专享券', payer: 'talent' },
] as const;
