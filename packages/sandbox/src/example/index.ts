/** A simulated Example Market (样例商城): its calls and its pushes over the shared market, written from the protocol page alone. */
export { createExample } from './server.ts';
