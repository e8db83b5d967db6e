/** How a simulated platform misbehaves. Rates from 0 to 1, all thrown with the same seeded dice. */
import { type Misbehaviour, WELL_BEHAVED } from '../post.ts';

export interface MarketMisbehaviour extends Omit<Misbehaviour, 'blocked'> {
  /** Calls refused because there were too many. */
  readonly throttled: number;
  /** Calls answered with an error page of the way there, before anything happened. */
  readonly serverErrors: number;
  /** Calls that are worked, and then the connection breaks: the caller cannot know. */
  readonly lostAnswers: number;
  /** Calls that find their token ended before its time. */
  readonly tokenExpiry: number;
  /** Pages after the first during whose reading an order of an earlier page changes, so that all rows behind it move up. */
  readonly pagingDrift: number;
  /** The platform's clock goes ahead of everybody's by this much (behind when negative). */
  readonly clockSkewMs: number;
}
const { blocked: _, ...POST } = WELL_BEHAVED;
export const WELL_BEHAVED_MARKET: MarketMisbehaviour = {
  ...POST,
  throttled: 0,
  serverErrors: 0,
  lostAnswers: 0,
  tokenExpiry: 0,
  pagingDrift: 0,
  clockSkewMs: 0,
};
