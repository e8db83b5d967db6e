/** Channels we know by name: the two letters that open an order key, and what people call them. An unknown channel opens with `XX`. */
export const CHANNELS = {
  taobao: { prefix: 'TB', zh: '淘宝', en: 'Taobao' },
  tmall: { prefix: 'TM', zh: '天猫', en: 'Tmall' },
  pinduoduo: { prefix: 'PD', zh: '拼多多', en: 'Pinduoduo' },
  douyin: { prefix: 'DY', zh: '抖音小店', en: 'Douyin Shop' },
  wechat: { prefix: 'WX', zh: '微信小程序', en: 'WeChat shop' },
  jd: { prefix: 'JD', zh: '京东', en: 'JD' },
  kuaishou: { prefix: 'KS', zh: '快手', en: 'Kuaishou' },
  xiaohongshu: { prefix: 'XH', zh: '小红书', en: 'Xiaohongshu' },
  own: { prefix: 'OW', zh: '自有商城', en: 'Own shop' },
  sandbox: { prefix: 'SB', zh: '模拟店铺', en: 'Simulated shop' },
} as const satisfies Record<string, { prefix: string; zh: string; en: string }>;

export const prefixOf = (channel: string): string =>
  Object.hasOwn(CHANNELS, channel) ? CHANNELS[channel as keyof typeof CHANNELS].prefix : 'XX';
