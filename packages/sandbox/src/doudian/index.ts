/** A simulated Douyin Shop (抖音小店): its calls, its messages, its people, and its bad days. */
export { NotPossible } from './actions.ts';
export type { DouyinMisbehaviour } from './misbehaviour.ts';
export type { OrderTruth as DouyinTruth, Placing } from './platform.ts';
export { type CallRecord, createDouyin, type Douyin, type DouyinOptions } from './server.ts';
