/** What is still to be told of a parcel that stands at the channel already. */
import { createHash } from 'node:crypto';
import type { LeftParcel } from './adapter.ts';

type Pieces = LeftParcel['lines'];

const countOf = (pieces: Pieces, lineId: string): number =>
  pieces.reduce((sum, each) => sum + (each.lineId === lineId ? each.quantity : 0), 0);

/** Pieces of the parcel that do not lie in `there`; none where all of them do. */
export function missingPieces({ lines }: Pick<LeftParcel, 'lines'>, there: Pieces): Pieces {
  return [...new Set(lines.map(({ lineId }) => lineId))]
    .map((lineId) => ({ lineId, quantity: countOf(lines, lineId) - countOf(there, lineId) }))
    .filter(({ quantity }) => quantity > 0);
}

/** The same whenever these pieces are told of this parcel: what came into it later is a request of its own. */
export const requestIdOfRest = ({ requestId }: Pick<LeftParcel, 'requestId'>, rest: Pieces): string =>
  createHash('sha256')
    .update(JSON.stringify([requestId, rest.map(({ lineId, quantity }) => [lineId, quantity])]))
    .digest('hex')
    .slice(0, requestId.length);
