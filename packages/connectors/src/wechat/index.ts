/** An own WeChat mini-program shop (微信小程序自营), pure: signing and calling, what it tells us, orders in our words, telling it what left. */
export { wechatAdapter } from './adapter.ts';
export { type Certificate, certificatesIn } from './certificates.ts';
export { CHANNEL } from './ids.ts';
export { refundIn, STATE_NAMES } from './refunds.ts';
export { certificatesOf, refundOf } from './requests.ts';
