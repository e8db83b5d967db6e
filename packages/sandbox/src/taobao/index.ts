/** A simulated Taobao and Tmall (淘宝 天猫): its calls and its messages, by queue and by socket, over the shared market. */
export { taobaoApp } from './app.ts';
export { createTaobao } from './server.ts';
