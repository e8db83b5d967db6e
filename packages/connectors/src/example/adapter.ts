/** Example Market as the server knows it. What each part means is in the files beside this one. */
import type { Adapter, Ask, Asked, Call, Page, Row, RowsRead, Window } from '../adapter.ts';
import { Fields, field, filled, isObject } from '../fields.ts';
import { itemsAt, textAt } from '../json-slices.ts';
import { parseBytes, parseLossless, textOfBytes } from '../lossless-json.ts';
import { strangeAnswer } from '../no-answer.ts';
import { createClient } from './client.ts';
import { readOrder } from './normalise.ts';
import { door, readPush, routePush, whyUnrouted } from './push.ts';
import { CALLS_PER_SECOND, CHANNEL, MAX_AGE_DAYS, MAX_PAGE_ROWS, MAX_WINDOW_ROWS, MAX_WINDOW_SECONDS } from './tables.ts';
import { tokenCalls } from './token.ts';
import { getOrder, writeBack } from './write-back.ts';

export const exampleAdapter: Adapter = {
  channel: CHANNEL,
  limits: {
    callsPerSecond: CALLS_PER_SECOND,
    pageRows: MAX_PAGE_ROWS,
    windowRows: MAX_WINDOW_ROWS,
    ageDays: MAX_AGE_DAYS,
    windowSeconds: MAX_WINDOW_SECONDS,
  },
  walk: 'first_page_first',
  feeds: ['orders'], // an order tells of its own after-sales
  settings: [],
  consentCode: 'optional',
  door,
  routePush,
  whyUnrouted,
  read: (kind, bytes, subject) => (kind === 'push' ? readPush(bytes, subject) : readOrder(parseBytes(bytes), subject)),
  token: tokenCalls,
  createClient,
  async fetchDetail(ask, { id }) {
    const answer = await ask(getOrder(id));
    if (!answer.ok) return answer;
    const order = textAt(textOfBytes(answer.bytes) ?? '', ['data', 'order']);
    return order === null || !isObject(field(answer.data, 'order')) ? strangeAnswer(answer) : { ok: true, value: Buffer.from(order) };
  },
  listChanged: (ask, _, shop, window, page) => list(ask, shop, within('orders.changed', window, page)),
  listPlaced: (ask, shop, window, page) => list(ask, shop, within('orders.placed', window, page)),
  writeBack,
};

/** Oldest first, as the platform always answers. It counts pages from 1. */
function within(method: string, { from, to }: Window, { page, size }: Page): Call {
  if (size > MAX_PAGE_ROWS || (page + 1) * size > MAX_WINDOW_ROWS)
    throw new RangeError(`page ${page} of ${size} rows lies beyond ${MAX_PAGE_ROWS} rows a page or ${MAX_WINDOW_ROWS} rows a window`);
  return { method, params: { from, to, page: page + 1, size } };
}

async function list(ask: Ask, shop: string, call: Call): Promise<Asked<RowsRead>> {
  const answer = await ask(call);
  if (!answer.ok) return answer;
  if (!Array.isArray(field(answer.data, 'orders'))) return strangeAnswer(answer);
  const rows = itemsAt(textOfBytes(answer.bytes) ?? '', ['data', 'orders']).map((text): Row => {
    const id = new Fields(parseLossless(text)).id('id'); // what is no id is nobody's, and the row is kept all the same
    const subject = id === undefined ? null : ({ kind: 'order', channel: CHANNEL, shop, id } as const);
    return { id: id ?? text, subject, bytes: Buffer.from(text) };
  });
  const total = filled(field(answer.data, 'total')) ?? '';
  return { ok: true, value: { rows, total: /^\d{1,15}$/.test(total) ? Number(total) : null } };
}
