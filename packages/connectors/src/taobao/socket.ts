/**
 * The talk over the message socket: CONNECT, its answer with the token that all later frames carry, a request for messages every five seconds, a confirmation for
 * each. Source: the vendor's clients for Node (1.2.0, 2.0.5) and .NET, two clients for Python; read 2026-11-25, in part by way of our protocol notes.
 */
import type { App, Conversation, Frame, FrameHeard, Kept, MessageSocket } from '../adapter.ts';
import { beijingText } from '../china-time.ts';
import { type Entry, MESSAGE_TYPES, readFrame, type TmcFrame, valueIn, writeFrame } from './frames.ts';
import { groupOf } from './messages.ts';
import { signConnect } from './sign.ts';

const ADDRESS = 'wss://mc.api.taobao.com/';
const KINDS = { pull: 1, confirm: 2, data: 3 } as const;
const PULL_EVERY_MS = 5_000;
const CONNECT_LIMIT_MS = 15_000;
/** While so many wait to become durable, no more are asked for. */
const MAX_UNCONFIRMED = 1_000;
const MAX_PHRASE = 200;

export const tmcSocket: MessageSocket = {
  address: (_app, _now, baseUrl) => (baseUrl === undefined ? ADDRESS : `${baseUrl.replace(/^http/, 'ws').replace(/\/$/, '')}/`),
  open: converse,
};

function converse(app: App): Conversation {
  let token: string | null = null;
  let [begunAt, pulledAt] = [0, Number.NEGATIVE_INFINITY];
  const waiting = new Set<string>();
  const say = (...content: Entry[]): Frame =>
    writeFrame({ messageType: MESSAGE_TYPES.send, ...(token === null ? {} : { token }), content });
  const pull = (now: number): Frame[] => {
    if (token === null || waiting.size >= MAX_UNCONFIRMED || now - pulledAt < PULL_EVERY_MS) return [];
    pulledAt = now;
    return [say(['__kind', 'byte', KINDS.pull])];
  };
  const connected = (frame: TmcFrame, now: number): FrameHeard => {
    if (frame.token === undefined) return broken(refusalOf(frame));
    token = frame.token;
    return { messages: [], frames: pull(now) };
  };
  return {
    begin(now) {
      begunAt = now;
      return [connectFrame(app, now)];
    },
    hear(bytes, now) {
      const frame = typeof bytes === 'string' ? null : readFrame(bytes);
      if (frame === null) return broken('a frame that is none of the protocol');
      if (frame.messageType === MESSAGE_TYPES.connectAck) return connected(frame, now);
      const messages = frame.messageType === MESSAGE_TYPES.send && valueIn(frame, '__kind') === String(KINDS.data) ? toKept(frame) : [];
      for (const { id } of messages) waiting.add(id);
      return { messages, frames: [] };
    },
    confirm(messages) {
      for (const { id } of messages) waiting.delete(id);
      return messages.map(({ id }) => say(['__kind', 'byte', KINDS.confirm], ['id', 'int64', id]));
    },
    tick(now) {
      if (token === null && now - begunAt >= CONNECT_LIMIT_MS) return { frames: [], broken: 'no answer to CONNECT' };
      return { frames: pull(now) };
    },
  };
}

const broken = (why: string): FrameHeard => ({ messages: [], frames: [], broken: why });
const refusalOf = ({ statusCode, statusPhrase = '' }: TmcFrame): string =>
  `CONNECT was refused: ${statusCode ?? 'no token'} ${statusPhrase.slice(0, MAX_PHRASE).toWellFormed()}`.trim();

function connectFrame(app: App, now: number): Frame {
  const [group, timestamp] = [groupOf(app), String(now)];
  return writeFrame({
    messageType: MESSAGE_TYPES.connect,
    content: [
      ['app_key', 'string', app.key],
      ['group_name', 'string', group],
      ['timestamp', 'string', timestamp],
      ['sign', 'string', signConnect(app, group, timestamp)],
      ['sdk', 'string', 'weir'],
      ['intranet_ip', 'string', '127.0.0.1'],
    ],
  });
}

const INT64 = /^-?\d{1,19}$/;
/** The names of a data frame → those of the queue's messages. Source: type declarations of the vendor's Node client, read 2026-11-25. */
const NAMES = { topic: 'topic', content: 'content', publisher: 'pub_app_key', nick: 'user_nick' } as const;

/** The message as the queue would have told it. What has no id cannot be confirmed and is not taken, as in the queue. */
function toKept(frame: TmcFrame): Kept[] {
  const id = valueIn(frame, 'id');
  if (id === undefined || !INT64.test(id)) return [];
  const member = (name: string, json: string | undefined): string[] => (json === undefined ? [] : [`${JSON.stringify(name)}:${json}`]);
  const textMember = (from: string, to: string): string[] => {
    const value = valueIn(frame, from);
    return member(to, value === undefined ? undefined : JSON.stringify(value));
  };
  const userId = valueIn(frame, 'userid');
  const members = [
    ...member('id', id),
    ...Object.entries(NAMES).flatMap(([from, to]) => textMember(from, to)),
    ...member('pub_time', timeOf(frame)),
    ...member('user_id', userId !== undefined && INT64.test(userId) ? userId : undefined),
  ];
  return [{ id, bytes: Buffer.from(`{${members.join(',')}}`) }];
}

const MAX_MS = 253_402_300_799_999;
/** A date in milliseconds becomes Beijing text; text stays as it is. */
function timeOf({ content }: TmcFrame): string | undefined {
  const found = content.findLast(([name]) => name === 'time');
  if (found?.[1] === 'string') return JSON.stringify(found[2]);
  const ms = found?.[1] === 'date' || found?.[1] === 'int64' ? Number(found[2]) : Number.NaN;
  return ms > 0 && ms < MAX_MS ? JSON.stringify(beijingText(Math.floor(ms / 1_000))) : undefined;
}
