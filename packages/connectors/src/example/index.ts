/** Example Market (样例商城), pure: a made-up platform, small and whole, that shows what a connector is made of. */
export { exampleAdapter } from './adapter.ts';
export { CHANNEL } from './tables.ts';
