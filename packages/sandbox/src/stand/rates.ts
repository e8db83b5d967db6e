/** Every misbehaviour with its range and what it does, in words for the page and the help. */
import type { MarketMisbehaviour } from '../market/misbehaviour.ts';

export interface Rate {
  readonly name: keyof MarketMisbehaviour;
  readonly least: number;
  readonly most: number;
  readonly zh: string;
  readonly en: string;
}
const HOUR_MS = 3_600_000;
const share = (name: Rate['name'], zh: string, en: string): Rate => ({ name, least: 0, most: 1, zh, en });

export const RATES: readonly Rate[] = [
  share('duplicates', '推送重复', 'pushes come twice'),
  share('reorder', '推送乱序', 'pushes overtake each other'),
  { name: 'delayMs', least: 0, most: HOUR_MS, zh: '推送延迟至多（毫秒）', en: 'pushes are late by up to (ms)' },
  share('lost', '推送丢失', 'pushes are lost'),
  share('throttled', '调用被限流', 'calls are throttled'),
  share('serverErrors', '调用返回 502', 'calls are answered with 502'),
  share('lostAnswers', '调用已执行但没有回答', 'calls are carried out, then the connection breaks'),
  share('tokenExpiry', '令牌提前失效', 'tokens end before their time'),
  share('pagingDrift', '翻页时有订单变动', 'orders change while one turns pages'),
  { name: 'clockSkewMs', least: -HOUR_MS, most: HOUR_MS, zh: '平台时钟偏差（毫秒）', en: 'the platform’s clock is off by (ms)' },
];
