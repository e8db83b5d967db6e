export * from './amounts.ts';
export * from './decide.ts';
export * from './digest.ts';
export * from './events-of.ts';
export * from './facts.ts';
export * from './holds.ts';
export { record } from './record.ts';
export * from './sums.ts';
export * from './view.ts';
