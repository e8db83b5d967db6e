/** The outside world, simulated: a shop that sends orders to Weir and a subscriber that takes its webhooks. */
export { chooseAction, placeOrder } from './actions.ts';
export type { Arrival, Violation } from './arrivals.ts';
export { readArrivals } from './arrival-file.ts';
export type { Behaviour } from './behaviour.ts';
export { canonicalJson, type Json } from './canonical-json.ts';
export { realClock, type SandboxClock } from './clock.ts';
export type { OrderData } from './envelope.ts';
export { type Misbehaviour, WELL_BEHAVED } from './post.ts';
export { createDice, type Dice } from './random.ts';
export type { Answer, Outgoing } from './send.ts';
export { createShop, type Shop, type ShopOptions, type ShopStats } from './shop.ts';
export { type OrderTruth, type SimOrder, toMessage, truthOf } from './sim-order.ts';
export { digestOf, stateDigest } from './state-digest.ts';
export { createSubscriber, type Subscriber, type SubscriberOptions } from './subscriber.ts';
export { checkSignature, signatureOf } from './webhook-signature.ts';
export type { Acknowledged } from './world.ts';
