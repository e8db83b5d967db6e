/** A simulated WeChat for an own mini-program shop (微信小程序自营): payments, shipping information and their messages over the shared market. */
export { wechatApp } from './app.ts';
export { createWechat } from './server.ts';
