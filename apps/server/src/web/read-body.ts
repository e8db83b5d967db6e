/**
 * Reads whole bodies into one growing buffer each, so that a body in crumbs costs no more memory than one in a piece; what is being read at one time, all
 * together, is bounded, and strangers have a part of it only, so that they cannot take the room of those whom we know.
 */
import type { FastifyRequest } from 'fastify';
import { Refusal } from './refusal.ts';

const MEGABYTE = 1024 * 1024;
/** Bytes set aside for bodies that are on their way. */
export const BODY_ROOM = { all: 128 * MEGABYTE, strangers: 32 * MEGABYTE } as const;
/** What is set aside before anything came, whatever was announced. */
const FIRST_BYTES = 16 * 1024;
/** A body of the largest size in pieces of 128 bytes; each piece costs time of the only thread, however small it is. */
const MAX_PIECES = 16_384;
const RETRY_SECONDS = 1;

export type ReadBody = (request: FastifyRequest, payload: NodeJS.ReadableStream) => Promise<Buffer>;
type Room = Readonly<Record<keyof typeof BODY_ROOM, number>>;

export function createReadBody(room: Room = BODY_ROOM): ReadBody {
  const taken = { all: 0, strangers: 0 };
  return (request, payload) =>
    new Promise((resolve, reject) => {
      const limit = request.routeOptions.bodyLimit;
      const announced = Number(request.headers['content-length'] ?? Number.NaN);
      const isStranger = request.caller === null;
      let [bytes, length, pieces] = [Buffer.alloc(0), 0, 0];
      const end = (error: Error | null): void => {
        payload.off('data', take).off('end', finish).off('error', broken).off('close', broken);
        taken.all -= bytes.length;
        if (isStranger) taken.strangers -= bytes.length;
        if (error === null) resolve(bytes.subarray(0, length));
        else reject(error);
      };
      const finish = (): void => end(null);
      const broken = (): void => end(new Refusal('request.invalid'));
      const tooLarge = (): void => end(new Refusal('request.too_large', { limit: `${limit} bytes` }));
      const grow = (needed: number): boolean => {
        const first = Math.min(FIRST_BYTES, Number.isNaN(announced) ? FIRST_BYTES : announced);
        const size = Math.min(limit, Math.max(needed, first, bytes.length * 2));
        const more = size - bytes.length;
        if (taken.all + more > room.all || (isStranger && taken.strangers + more > room.strangers)) return false;
        taken.all += more;
        if (isStranger) taken.strangers += more;
        const wider = Buffer.allocUnsafe(size);
        bytes.copy(wider, 0, 0, length);
        bytes = wider;
        return true;
      };
      const take = (piece: Buffer): void => {
        const needed = length + piece.length;
        if (needed > limit) return tooLarge();
        if (++pieces > MAX_PIECES) return end(new Refusal('request.too_large', { limit: `${MAX_PIECES} chunks` }));
        if (needed > bytes.length && !grow(needed)) return end(new Refusal('server.full', {}, { retryAfterSeconds: RETRY_SECONDS }));
        piece.copy(bytes, length);
        length = needed;
      };
      if (announced > limit) return tooLarge();
      payload.on('data', take).on('end', finish).on('error', broken).on('close', broken);
    });
}
