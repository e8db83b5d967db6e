/** A simulated Pinduoduo (拼多多): its calls and its message socket over the shared market. */
export { createPinduoduo } from './server.ts';
export { pinduoduoApp } from './app.ts';
