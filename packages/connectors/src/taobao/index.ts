/** Taobao and Tmall (淘宝 天猫), pure: signing and calling, messages by queue and socket, trades and refunds in our words, telling it what left. */
export { taobaoAdapter } from './adapter.ts';
export { createClient } from './client.ts';
export { readFrame, writeFrame } from './frames.ts';
export { CHANNEL } from './ids.ts';
export { normaliseTrade } from './normalise.ts';
export { readPush } from './push.ts';
export { verifySpi } from './spi.ts';
