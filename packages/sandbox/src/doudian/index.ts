/** A simulated Douyin Shop (抖音小店): its calls and its messages over the shared market. */
export { createDouyin, type Douyin } from './server.ts';
