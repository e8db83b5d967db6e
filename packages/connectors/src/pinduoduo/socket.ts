/** The talk over the message socket: JSON text frames, a heartbeat both ways, one Ack for each message after it is durable. */
import type { App, Conversation, FrameHeard, Kept, MessageSocket } from '../adapter.ts';
import { Fields, filled } from '../fields.ts';
import { parseBytes } from '../lossless-json.ts';
import { socketPath } from './sign.ts';

const BASE_URL = 'wss://message-api.pinduoduo.com';
/** The official client sends one every ten seconds and gives up after three minutes without a word. Source: its own guide, read 2026-11-25. */
export const HEARTBEAT_MS = 10_000;
export const SILENCE_MS = 180_000;
/** Longer ones are none of the platform's. */
const MAX_FRAME_BYTES = 1_048_576;

export const pinduoduoSocket: MessageSocket = {
  address: (app, now, baseUrl = BASE_URL) => `${baseUrl.replace(/^http/, 'ws').replace(/\/$/, '')}${socketPath(app, now)}`,
  open: (app) => converse(app),
};

const heartbeat = (now: number): string => `{"commandType":"HeartBeat","time":${now}}`;
const nothing: FrameHeard = { messages: [], frames: [] };

function converse(_app: App): Conversation {
  let [saidAt, heardAt] = [0, 0];
  return {
    begin(now) {
      [saidAt, heardAt] = [now, now];
      return [heartbeat(now)];
    },
    hear(frame, now) {
      heardAt = now;
      return hear(typeof frame === 'string' ? Buffer.from(frame) : frame);
    },
    confirm: (messages, now) => messages.flatMap((each) => ackOf(each, now) ?? []),
    tick(now) {
      // A clock that was put back begins to count anew.
      [saidAt, heardAt] = [Math.min(saidAt, now), Math.min(heardAt, now)];
      if (now - heardAt >= SILENCE_MS) return { frames: [], broken: `no word for ${SILENCE_MS / 1_000} s` };
      if (now - saidAt < HEARTBEAT_MS) return { frames: [] };
      saidAt = now;
      return { frames: [heartbeat(now)] };
    },
  };
}

function hear(bytes: Uint8Array): FrameHeard {
  if (bytes.length > MAX_FRAME_BYTES) return { ...nothing, broken: 'a frame of more than 1 MB' };
  const frame = parseBytes(bytes);
  const from = new Fields(frame);
  const command = from.text('commandType');
  if (command === 'Fail') return { ...nothing, broken: 'the platform answered Fail' };
  // Without a number it can never be confirmed; it comes again with one, or is told by the lists.
  const id = command === 'Common' ? numberIn(from, 'id') : undefined;
  return id === undefined ? nothing : { messages: [{ id, bytes }], frames: [] };
}

/** The Ack carries id, sendTime and mallID as they came, digit by digit: the id is beyond what a double holds. */
function ackOf({ bytes }: Kept, now: number): string | null {
  const frame = new Fields(parseBytes(bytes));
  const message = frame.child('message');
  const [id, sendTime, mallID] = [numberIn(frame, 'id'), numberIn(frame, 'sendTime'), numberIn(message, 'mallID')];
  const type = filled(message.at('type'));
  if (id === undefined || type === undefined) return null;
  const rest = [...(sendTime === undefined ? [] : [`"sendTime":${sendTime}`]), `"type":${JSON.stringify(type)}`];
  const shop = mallID === undefined ? [] : [`"mallID":${mallID}`];
  return `{"commandType":"Ack","time":${now},"id":${id},${[...rest, ...shop].join(',')}}`;
}

const numberIn = (from: Fields, name: string): string | undefined => {
  const text = from.text(name);
  return text !== undefined && /^(0|[1-9]\d{0,30})$/.test(text) ? text : undefined;
};
