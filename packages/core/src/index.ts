/** Pure decisions: no network, timer, process or clock; everything a decision needs is an argument. */
export * from './instant.ts';
export * from './money.ts';
export * from './order/index.ts';
export * from './order-key.ts';
export * from './timeline.ts';
