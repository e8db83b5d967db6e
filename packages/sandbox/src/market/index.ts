/** A simulated platform without its protocol: orders, people, roads for messages, a server that misbehaves. Each platform is a skin over it. */
export { type News, type NewsKind, NotPossible } from './actions.ts';
export { type Explained, shownText, type Signed } from './explained.ts';
export { type Held, STATUS_OF, whereItDiffers, whereItDiffersButForParcels, yuanOf } from './compare.ts';
export { createKeptMessages, createMailbox, type KeptMessages, type Mailbox, type Message } from './mailbox.ts';
export {
  createMarket,
  type Market,
  type MarketSkin,
  type OrderTruth,
  type People,
  type Placing,
  type Shelf,
  type ShippedBy,
} from './market.ts';
export { type MarketMisbehaviour, WELL_BEHAVED_MARKET } from './misbehaviour.ts';
export type { PlatformOptions, SandboxApp, SimulatedPlatform } from './platform.ts';
export { placeOf } from '../people.ts';
export { type OrderShown } from './shown.ts';
export { pushOnce, type SentPush } from './push.ts';
export { type CallRecord, type HeardCall, openServer, type WireAnswer, type WireCall } from './server.ts';
