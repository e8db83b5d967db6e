/** Looks at an installation and says what is wrong and what to do. */
export type { Check } from './check.ts';
export { diagnose, realWorld } from './diagnose.ts';
