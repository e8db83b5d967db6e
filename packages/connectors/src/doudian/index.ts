/** Douyin Shop (抖音小店), pure: signing and calling, pushes, orders and after-sales in our words, telling it what left. */
export { type AfterSale, readDetailed, readListed, type ReadAfterSale } from './after-sales.ts';
export { type Answer, type Call, type Client, type ClientOptions, createClient, type Send } from './client.ts';
export { FAILURE_CLASSES, type Failure, type FailureClass } from './errors.ts';
export { CHANNEL } from './ids.ts';
export { normaliseOrder, type Normalised, type OrderContext, type Want } from './normalise.ts';
export { type Headers, PUSH_ANSWER, type PushReading, readPush, type Verified, verifyPush } from './push.ts';
export * from './requests.ts';
export { type Part, partsOf, route, type Routed } from './route.ts';
export { withOrderKey, writeRemark } from './remark.ts';
export * from './shipping.ts';
export { type App, type SpiCall, verifySpi } from './sign.ts';
export { createOwnToken, createToken, readToken, refreshToken, type Token, type TokenState, tokenState } from './token.ts';
