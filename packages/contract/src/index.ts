/** What crosses a wire: schemas, closed lists, codes. Everything here may be imported by server, console and sandbox. */
export * from './answers/index.ts';
export * from './channels.ts';
export * from './errors.ts';
export * from './glossary.ts';
export * from './neutral-order.ts';
export * from './order-state.ts';
export * from './permissions.ts';
export * from './problems.ts';
export * from './statuses.ts';
export * from './values.ts';
export * from './webhooks.ts';
export * from './write-back.ts';
