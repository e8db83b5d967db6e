/** Douyin Shop (抖音小店), pure: signing and calling, pushes, orders and after-sales in our words, telling it what left. */
export { type AfterSale, readDetailed, readListed, type ReadAfterSale } from './after-sales.ts';
export { doudianAdapter } from './adapter.ts';
export { createClient } from './client.ts';
export { CHANNEL } from './ids.ts';
export type { Normalised } from '../normalised.ts';
export { normaliseOrder, type OrderContext } from './normalise.ts';
export { PUSH_ANSWER, type PushReading, readPush, type Verified, verifyPush } from './push.ts';
export * from './requests.ts';
export { type Part, partsOf, route, type Routed } from './route.ts';
export { withOrderKey } from '../note-mark.ts';
export { writeRemark } from './remark.ts';
export * from './shipping.ts';
export { type SpiCall, verifySpi } from './sign.ts';
export { createOwnToken, createToken, readToken, refreshToken, tokenState } from './token.ts';
