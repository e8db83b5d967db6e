/** Pinduoduo (拼多多), pure: signing and calling, its message socket, orders and after-sales in our words, telling it what left. */
export { pinduoduoAdapter } from './adapter.ts';
export { CHANNEL } from './ids.ts';
