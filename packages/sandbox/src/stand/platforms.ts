/** The platforms of the sandbox world, in the order in which its page shows them. */
import { createHash } from 'node:crypto';
import { createDouyin } from '../doudian/server.ts';
import { createPinduoduo, pinduoduoApp } from '../pinduoduo/index.ts';
import { createTaobao, taobaoApp } from '../taobao/index.ts';
import { createWechat, wechatApp } from '../wechat/index.ts';
import type { PlatformOptions, SandboxApp, SimulatedPlatform } from '../market/platform.ts';

export interface KnownPlatform {
  readonly channel: string;
  readonly zh: string;
  readonly en: string;
  /** A shop's number there, unless another is asked for. */
  readonly shop: string;
  /** What the seller's consent gives, where the platform wants one even for a shop's own app. */
  readonly code?: string;
  /** Carriers by the platform's own codes; the first is the usual one. */
  readonly carriers: readonly [string, string];
  /** The same seed has the same secrets, so that Weir finds the sandbox again after a restart. */
  app(seed: number): SandboxApp;
  open(options: PlatformOptions): Promise<SimulatedPlatform>;
}

export const secretOf = (channel: string, seed: number): string =>
  createHash('sha256').update(`weir sandbox ${channel} ${seed}`).digest('hex').slice(0, 36);

/** The simulated platforms take any; a live one gives it when the seller agrees. */
const CODE = 'a-code-of-the-sandbox';

export const PLATFORMS: readonly KnownPlatform[] = [
  {
    channel: 'taobao',
    zh: '淘宝',
    en: 'Taobao',
    shop: '2200000000001',
    code: CODE,
    carriers: ['SF', 'ZTO'],
    app: (seed) => taobaoApp(seed),
    open: createTaobao,
  },
  {
    channel: 'douyin',
    zh: '抖音小店',
    en: 'Douyin Shop',
    shop: '4463798',
    carriers: ['shunfeng', 'zhongtong'],
    // Nineteen digits: as a number it would be another one.
    app: (seed) => ({ key: '7296415830217640448', secret: secretOf('douyin', seed) }),
    open: createDouyin,
  },
  {
    channel: 'pinduoduo',
    zh: '拼多多',
    en: 'Pinduoduo',
    shop: '900000001',
    code: CODE,
    carriers: ['44', '115'],
    app: pinduoduoApp,
    open: createPinduoduo,
  },
  {
    channel: 'wechat',
    zh: '微信小程序',
    en: 'WeChat mini-program shop',
    shop: '1900000001',
    carriers: ['SF', 'ZTO'],
    app: wechatApp,
    open: createWechat,
  },
];
export const platformOf = (channel: string): KnownPlatform | undefined => PLATFORMS.find((each) => each.channel === channel);
