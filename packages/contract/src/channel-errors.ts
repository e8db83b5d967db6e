/** Refusals that have to do with a sales channel, its apps and its shops; part of `ERRORS`. */
import type { ErrorEntry } from './errors.ts';

export const CHANNEL_ERRORS = {
  'channel.unknown': {
    status: 422,
    zh: '没有渠道 {channel} 的连接器；现有：{known}',
    en: 'There is no connector for channel {channel}; there are: {known}',
    retry: false,
  },
  'app.not_found': {
    status: 404,
    zh: '这个渠道没有登记应用 {app}；请先登记应用',
    en: 'The channel has no app {app}; register the app first',
    retry: false,
  },
  'shop.not_connected': {
    status: 404,
    zh: '店铺 {shop} 没有通过应用接入；请先接入',
    en: 'Shop {shop} is not connected through an app; connect it first',
    retry: false,
  },
  'backfill.bad_range': {
    status: 422,
    zh: '日期范围不对：开始要早于结束，且在最近 {days} 天之内',
    en: 'The range of dates is wrong: it must begin before it ends, within the last {days} days',
    retry: false,
  },
  'pull.no_alarm': { status: 409, zh: '这里没有需要确认的拉取告警', en: 'There is no alarm here to accept', retry: false },
  'app.base_url_forbidden': {
    status: 422,
    zh: '只有模拟渠道才能改用别的地址：请先设置 WEIR_ALLOW_PRIVATE_ENDPOINTS',
    en: 'Only a simulated channel may have another address: set WEIR_ALLOW_PRIVATE_ENDPOINTS first',
    retry: false,
  },
  'reveal.not_from_channel': {
    status: 409,
    zh: '这个订单的收件人不能向渠道查询：没有令牌，或渠道不支持，或店铺没有接入',
    en: 'The channel cannot be asked who receives this order: it holds no token, the channel opens none, or the shop is not connected',
    retry: false,
  },
  'reveal.channel_refused': {
    status: 409,
    zh: '渠道拒绝打开收件人信息（{code}）；请在渠道后台核对权限与额度',
    en: 'The channel refused to open the receiver ({code}); see rights and quota in its own back office',
    retry: false,
  },
  'reveal.channel_quota': {
    status: 429,
    zh: '平台今天给这个应用的解密次数已用完（{limit} 次），约 {hours} 小时后（北京时间零点）恢复；管理员可在应用设置里改每日次数',
    en: 'The openings that the channel gives this app a day are used up ({limit}); they begin anew in about {hours} h, at midnight in Beijing. An administrator can change the number in the app’s settings',
    retry: true,
  },
  'reveal.channel_unavailable': {
    status: 503,
    zh: '渠道暂时没有回答（{code}）；请稍后再试',
    en: 'The channel does not answer now ({code}); try again later',
    retry: true,
  },
} as const satisfies Record<string, ErrorEntry>;
