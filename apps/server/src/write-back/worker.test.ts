import type { Ask, WriteBack } from '@weir/connectors/adapter';
import { expect, test } from 'vitest';
import { failure } from '../../../../tests/support/fake-channel.ts';
import { createLog, type Db, manualClock } from '#platform';
import { waitUntil } from '../../../../tests/support/wait-until.ts';
import { createTeller } from './worker.ts';

const ROW = {
  partition: 1,
  orderKey: 'TB20260222008729',
  what: 'ship',
  channel: 'taobao',
  shop: '1',
  channelOrderId: '2',
  version: 3,
  wanted: [],
  packIds: {},
  attempts: 0,
};

/** How an order with this key ended cannot be stored. */
const FAILS = 'cannot be stored';

/** A teller over a database that has these rows due until an end of them is written, and remembers what is written into it. */
function teller(maySpeak: () => boolean, writeBack: WriteBack, rows: readonly (typeof ROW)[] = [ROW]) {
  const calls: string[] = [];
  const saved: unknown[] = [];
  let due = rows;
  const db = {
    queryNamed: async (name: string, _: string, values: unknown[]) => {
      if (name === 'write_back.read_due') {
        const busy = values.at(-1) as string[];
        return { rows: due.filter(({ channel, shop }) => !busy.includes(`${channel}/${shop}`)), rowCount: 1 };
      }
      if (values[3] === FAILS) throw new Error('the end could not be stored');
      due = due.filter(({ orderKey }) => orderKey !== values[3]);
      saved.push(values);
      return { rows: [], rowCount: 1 };
    },
  } as unknown as Db;
  const ask: Ask = async ({ method }) => {
    calls.push(method);
    return { ok: true, data: null, bytes: Buffer.from('null'), logId: '' };
  };
  const told = createTeller({
    db,
    clock: manualClock(0),
    log: createLog({ write: () => {}, level: 'error', pretty: false }),
    epoch: () => 7,
    maySpeak,
    reach: () => {},
    askOf: async (_, __, may) => async (call) => (may() ? ask(call) : { ok: false, failure: failure({ code: 'lease' }) }),
    writeBackOf: () => writeBack,
  });
  return { told, calls, saved };
}

test('who may have lost the lease between two calls makes no further one, and writes down no end', async () => {
  let isSure = true;
  const { told, calls, saved } = teller(() => isSure, {
    async tellShipped(asking) {
      await asking({ method: 'look', params: {} });
      isSure = false; // as if the process had been stopped here for a minute
      const answer = await asking({ method: 'send', params: {} });
      return answer.ok
        ? { done: true, packIds: {} }
        : { done: false, packIds: {}, cause: 'no_answer', next: 'later', failure: answer.failure };
    },
  });
  told.start();
  await waitUntil('the first call was made and it was over', () => !isSure);
  await told.stop();
  expect(calls).toEqual(['look']);
  expect(saved).toEqual([]);
});

test('who is sure makes every call and writes down how it ended', async () => {
  const { told, calls, saved } = teller(() => true, {
    async tellShipped(asking) {
      await asking({ method: 'look', params: {} });
      await asking({ method: 'send', params: {} });
      return { done: true, packIds: {} };
    },
  });
  told.start();
  await waitUntil('an end is written', () => saved.length > 0);
  await told.stop();
  expect(calls).toEqual(['look', 'send']);
});

test('a shop whose channel does not answer keeps no other shop waiting, nor one order of it the next', async () => {
  const silent = Promise.withResolvers<void>();
  const rows = ['a silent order', 'another order'].map((orderKey) => ({ ...ROW, orderKey }));
  const others = ['first', 'second', 'third'].map((orderKey) => ({ ...ROW, orderKey, shop: '2' }));
  const told: string[] = [];
  const { told: tells, saved } = teller(
    () => true,
    {
      tellShipped: async () => ({ done: true, packIds: {} }),
      async writeOrderKey(_, __, orderKey) {
        if (orderKey === 'a silent order') await silent.promise;
        told.push(orderKey);
        return { done: true, packIds: {} };
      },
    },
    [...rows, ...others].map((row) => ({ ...row, what: 'remark' })),
  );
  tells.start();
  await waitUntil('all others are told', () => saved.length === 4);
  expect(told.toSorted()).toEqual(['another order', 'first', 'second', 'third']);
  silent.resolve();
  await tells.stop();
  expect(saved.length).toBe(5); // who stops waits for the call that is under way, and writes down how it ended
});

test('while a call for an order is under way no second one is made for it, also when the end of another order could not be stored', async () => {
  const silent = Promise.withResolvers<void>();
  const asked: string[] = [];
  const { told: tells } = teller(
    () => true,
    {
      tellShipped: async () => ({ done: true, packIds: {} }),
      async writeOrderKey(_, __, orderKey) {
        asked.push(orderKey);
        if (orderKey === 'silent') await silent.promise;
        return { done: true, packIds: {} };
      },
    },
    ['silent', FAILS].map((orderKey) => ({ ...ROW, orderKey, what: 'remark' })),
  );
  tells.start();
  await waitUntil('both were asked for', () => asked.length >= 2);
  await new Promise((resolve) => setTimeout(resolve, 1_200)); // longer than two looks
  expect(asked.filter((key) => key === 'silent')).toEqual(['silent']);
  silent.resolve();
  await tells.stop();
});
