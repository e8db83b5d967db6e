/** Queues and sockets: every message is durable before it is confirmed, none is lost when the house is full, and a session that ends begins again. */
import { copyFileSync, mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Adapter, Answer, Call, Kept } from '@weir/connectors/adapter';
import { type WebSocket, WebSocketServer } from 'ws';
import { answer, FAKE, failure, fakeAdapter, telling } from '../../../../tests/support/fake-channel.ts';
import { ADMIN, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';

let closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
});

/** A queue at a platform: what is not confirmed is given again. */
function queueAt() {
  const kept = new Map<string, Buffer>();
  const calls: Call[] = [];
  const state = { serial: 0, takes: 0, confirmed: [] as string[], fails: 0, tokens: new Set<string | null>() };
  const adapter: Partial<Adapter> = {
    queue: {
      restMs: 20,
      async take(ask) {
        const given = await ask({ method: 'queue.take', params: {} });
        if (!given.ok) return given;
        return { ok: true, value: [...kept].slice(0, 50).map(([id, bytes]): Kept => ({ id, bytes })) };
      },
      async confirm(ask, ids) {
        const given = await ask({ method: 'queue.confirm', params: { ids } });
        return given.ok ? { ok: true, value: null } : given;
      },
    },
  };
  const called = (call: Call, token: string | null): Answer => {
    calls.push(call);
    state.tokens.add(token);
    if (state.fails > 0) {
      state.fails -= 1;
      return { ok: false, failure: failure({ code: 'isp.down', message: 'call 13800138000 later' }) };
    }
    if (call.method === 'queue.take') state.takes += 1;
    if (call.method === 'queue.confirm')
      for (const id of call.params['ids'] as string[]) {
        kept.delete(id);
        state.confirmed.push(id);
      }
    return answer({});
  };
  return { adapter, called, kept, calls, state, put: (bytes: Buffer) => void kept.set(`m${++state.serial}`, bytes) };
}

async function opened(adapter: Adapter, shops: readonly string[] = ['1'], settings?: Record<string, string>) {
  const house = await testHouse({ adapters: [adapter], allowPrivateEndpoints: true });
  closing.push(() => house.close());
  const { id } = (await house.send('POST', '/v1/apps', { channel: FAKE, key: 'k', secret: 's', name: 'app', ...settings })).body;
  const connect = (shop: string, more: object = {}) =>
    house.send('POST', '/v1/shops', { channel: FAKE, shop, name: '店', app: id, ...more });
  for (const shop of shops) await connect(shop);
  const ids = async (): Promise<string[]> =>
    (await house.send('GET', `/v1/orders?channel=${FAKE}&limit=200`)).body.items.map(
      (item: { channelOrderId: string }) => item.channelOrderId,
    );
  const link = async () => (await house.send('GET', '/v1/apps')).body.items[0].links[0];
  return { house, appId: id, connect, ids, link };
}
const count = async ({ house }: TestHouse, what: string): Promise<number> =>
  (await house.db.query<{ n: number }>(`select count(*) as n from ${what}`)).rows[0]?.n ?? 0;

describe('a queue', () => {
  test('is emptied: orders come in, and what names no connected shop or no order at all is a case; all of it is confirmed', async () => {
    const queue = queueAt();
    queue.put(telling('1', ['a', 'b']));
    queue.put(telling('9', ['c']));
    queue.put(Buffer.from('no message of ours'));
    const { house, ids, link } = await opened(fakeAdapter(queue.adapter, queue.called));
    await waitUntil('all are confirmed', () => queue.kept.size === 0);
    await waitUntil('the orders are here', async () => (await ids()).length === 2);
    await waitUntil('the cases are there', async () => (await house.send('GET', '/v1/reviews')).body.items.length === 2);
    expect(queue.state.tokens).toEqual(new Set([null]));
    await waitUntil('it is shown', async () => (await link()).lastMessageAt !== null);
    expect(await link()).toMatchObject({ kind: 'queue', upSince: expect.any(String), downSince: null, lastError: null });
  });

  test('that does not answer is asked again by itself; what it said is shown without what may be a person’s', async () => {
    const queue = queueAt();
    queue.state.fails = Number.POSITIVE_INFINITY;
    queue.put(telling('1', ['a']));
    const { link } = await opened(fakeAdapter(queue.adapter, queue.called));
    await waitUntil('it is down', async () => (await link()).lastError !== null);
    expect(await link()).toMatchObject({ upSince: null, downSince: expect.any(String), lastError: 'isp.down · call … later' });
    queue.state.fails = 0;
    await waitUntil('it is emptied', () => queue.kept.size === 0);
    await waitUntil('it is up', async () => (await link()).upSince !== null);
  });

  test('that has been down for long is named on the overview, to those whose shops it concerns, and in the metrics', async () => {
    const queue = queueAt();
    queue.state.fails = Number.POSITIVE_INFINITY;
    const { house, appId, link } = await opened(fakeAdapter(queue.adapter, queue.called));
    await waitUntil('it is down', async () => (await link()).lastError !== null);
    const down = async (token?: string) =>
      (await house.send('GET', '/v1/overview', undefined, token === undefined ? {} : { token })).body.linksDown;
    expect(await down()).toEqual([]);
    await house.house.db.query(`update app_links set down_since = now() - interval '10 minutes'`);
    const shown = [
      { app: appId, channel: FAKE, name: 'app', kind: 'queue', since: expect.any(String), lastError: 'isp.down · call … later' },
    ];
    expect(await down()).toEqual(shown);
    const tokenOf = async (shop: string): Promise<string> =>
      (await house.send('POST', '/v1/tokens', { name: shop, role: 'operations', shops: [`${FAKE}/${shop}`] })).body.token;
    expect(await down(await tokenOf('1'))).toEqual(shown);
    expect(await down(await tokenOf('2'))).toEqual([]);
    const { body } = await house.house.app.inject({ url: '/metrics', headers: { authorization: `Bearer ${ADMIN}` } });
    expect(body).toContain(`weir_link_up{app="${appId}",kind="queue"} 0`);
  });

  test('keeps its messages until they are durable: nothing is confirmed while the house cannot store, and all of it afterwards', async () => {
    const queue = queueAt();
    const { house, ids } = await opened(fakeAdapter(queue.adapter, queue.called));
    await waitUntil('it is asked', () => queue.state.takes > 0);
    await house.house.db.query('alter table inbox rename to inbox_away');
    for (let i = 0; i < 5; i++) queue.put(telling('1', [`o${i}`]));
    const takes = queue.state.takes;
    await waitUntil('it was taken', () => queue.state.takes > takes);
    expect(queue.state.confirmed).toEqual([]);
    await house.house.db.query('alter table inbox_away rename to inbox');
    await waitUntil('all are confirmed', () => queue.kept.size === 0);
    await waitUntil('all are here', async () => (await ids()).length === 5);
    expect(queue.state.confirmed.length).toBe(new Set(queue.state.confirmed).size);
  });

  test('is emptied by one process only, and by the next holder of the lease when that one stops', async () => {
    const queue = queueAt();
    const adapter = fakeAdapter(queue.adapter, queue.called);
    const { house, ids } = await opened(adapter);
    await waitUntil('it is asked', () => queue.state.takes > 0);
    const other = mkdtempSync(join(tmpdir(), 'weir-standby-'));
    copyFileSync(join(house.home, 'root.key'), join(other, 'root.key'));
    await house.another({ home: other });
    const rows = await house.house.db.query('select 1 from app_links');
    expect(rows.rowCount).toBe(1);
    await house.house.stop();
    const takes = queue.state.takes;
    queue.put(telling('1', ['after']));
    await waitUntil('the standby asks', () => queue.state.takes > takes);
    await waitUntil('it is confirmed', () => queue.kept.size === 0);
    void ids;
  });

  test('of an app whose secret changed is taken with the new one', async () => {
    const queue = queueAt();
    const secrets: string[] = [];
    const base = fakeAdapter(queue.adapter, queue.called);
    const adapter: Adapter = {
      ...base,
      createClient: (options) => {
        secrets.push(options.app.secret);
        return base.createClient(options);
      },
    };
    const { house } = await opened(adapter, []);
    await waitUntil('it is asked', () => queue.state.takes > 0);
    await house.send('POST', '/v1/apps', { channel: FAKE, key: 'k', secret: 'new', name: 'app' });
    await waitUntil('it is asked with the new secret', () => secrets.includes('new'));
    const takes = queue.state.takes;
    await waitUntil('and goes on', () => queue.state.takes > takes + 1);
    expect(secrets.lastIndexOf('s')).toBeLessThan(secrets.indexOf('new'));
  });
});

/** A platform that sends messages as `{"id", "text"}` and waits for `ok <id>`; what is not confirmed is sent again on the next connection. */
async function socketAt() {
  const kept = new Map<string, string>();
  const state = { serial: 0, connections: 0, confirmed: [] as string[], greeted: 0 };
  let peer: WebSocket | undefined;
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const tell = (id: string, text: string): void => peer?.send(JSON.stringify({ id, text }));
  server.on('connection', (one) => {
    peer = one;
    state.connections += 1;
    one.on('message', (data) => {
      const said = (data as Buffer).toString();
      if (said === 'hello') {
        state.greeted += 1;
        for (const [id, text] of kept) tell(id, text);
      }
      if (!said.startsWith('ok ')) return;
      state.confirmed.push(said.slice(3));
      kept.delete(said.slice(3));
    });
  });
  closing.push(() => {
    for (const each of server.clients) each.terminate();
    server.close();
  });
  const address = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const adapter: Partial<Adapter> = {
    socket: {
      address: () => address,
      open: () => ({
        begin: () => ['hello'],
        hear(frame) {
          if (frame === 'nonsense 13800138000') return { messages: [], frames: [], broken: frame };
          if (frame === 'ping') return { messages: [], frames: ['pong'] };
          const { id, text } = JSON.parse(String(frame)) as { id: string; text: string };
          return { messages: [{ id, bytes: Buffer.from(text) }], frames: [] };
        },
        confirm: (messages) => messages.map(({ id }) => `ok ${id}`),
        tick: () => ({ frames: [] }),
      }),
    },
  };
  return {
    adapter,
    state,
    kept,
    peer: () => peer as WebSocket,
    put(bytes: Buffer) {
      const id = `s${++state.serial}`;
      kept.set(id, bytes.toString());
      tell(id, bytes.toString());
    },
  };
}

describe('a socket', () => {
  test('brings messages that are confirmed once they are durable, and answers what the platform asks', async () => {
    const socket = await socketAt();
    socket.put(telling('1', ['before']));
    const { house, link } = await opened(fakeAdapter(socket.adapter));
    await waitUntil('what waited is confirmed', () => socket.kept.size === 0);
    const heard: string[] = [];
    socket.peer().on('message', (data) => heard.push((data as Buffer).toString()));
    socket.peer().send('ping');
    for (let i = 0; i < 300; i++) socket.put(telling('1', [`o${i}`]));
    socket.put(telling('9', ['strange']));
    socket.put(Buffer.from('{"what": "is this"}'));
    await waitUntil('all are confirmed', () => socket.kept.size === 0);
    expect(heard).toContain('pong'); // among the confirmations, wherever it came
    await waitUntil('all are here', async () => (await count(house, `order_list where channel = '${FAKE}'`)) === 301);
    await waitUntil('the cases are there', async () => (await house.send('GET', '/v1/reviews')).body.items.length === 2);
    expect(await count(house, `order_list where channel_order_id = 'before'`)).toBe(1);
    expect(socket.state.confirmed.length).toBe(303);
    expect(await link()).toMatchObject({ kind: 'socket', upSince: expect.any(String), downSince: null });
  });

  test('that breaks off, talks nonsense or is cut is opened again by itself, and what was not confirmed comes again', async () => {
    const socket = await socketAt();
    const { link, house } = await opened(fakeAdapter(socket.adapter));
    await waitUntil('it stands', () => socket.state.greeted === 1);
    socket.kept.set('lost', telling('1', ['lost']).toString()); // never sent on this connection
    socket.peer().close(4003, 'go away 13800138000');
    await waitUntil('it is opened again', () => socket.state.greeted === 2 && socket.kept.size === 0);
    socket.peer().send('nonsense 13800138000');
    await waitUntil('it is opened anew', () => socket.state.greeted === 3);
    await waitUntil('why is shown, without what may be a number of a person', async () => (await link()).lastError === 'nonsense …');
    socket.peer().terminate();
    await waitUntil('it is opened once more', () => socket.state.greeted === 4);
    const { rows } = await house.house.db.query<{ text: string }>(`select app_links::text as text from app_links`);
    expect(JSON.stringify(rows)).not.toContain('13800138000');
  });

  test('is not read while the house cannot store, and nothing of it is lost', async () => {
    const socket = await socketAt();
    const { house, link } = await opened(fakeAdapter(socket.adapter));
    await waitUntil('it stands', () => socket.state.greeted === 1);
    await house.house.db.query('alter table inbox rename to inbox_away');
    const note = 'x'.repeat(20_000);
    for (let i = 0; i < 1_500; i++) socket.put(telling('1', [`o${i}`], note));
    await waitUntil('the platform cannot get rid of its frames', () => socket.peer().bufferedAmount > 1_000_000);
    expect(socket.state.confirmed).toEqual([]);
    await house.house.db.query('alter table inbox_away rename to inbox');
    await waitUntil('all are confirmed', () => socket.kept.size === 0, 60_000);
    await waitUntil('all are here', async () => (await count(house, `order_list where channel = '${FAKE}'`)) === 1_500, 60_000);
    expect((await link()).lastError).toBeNull();
  });

  test('is closed in the proper way when the house stops, after what was durable is confirmed', async () => {
    const socket = await socketAt();
    const { house } = await opened(fakeAdapter(socket.adapter));
    await waitUntil('it stands', () => socket.state.greeted === 1);
    const closed: number[] = [];
    socket.peer().on('close', (code) => closed.push(code));
    for (let i = 0; i < 20; i++) socket.put(telling('1', [`o${i}`]));
    await waitUntil('some came', () => socket.state.confirmed.length > 0);
    await house.house.channels.stop();
    await waitUntil('the platform has heard it', () => closed.length > 0);
    expect(closed).toEqual([1000]);
    expect(await count(house, 'app_links where up_since is null and down_since is not null and last_error is null')).toBe(1);
    expect(socket.kept.size + socket.state.confirmed.length).toBe(20);
  });
});

describe('a channel that must be asked to send a shop’s messages', () => {
  test('is asked once for each shop, again after a no, and again when the shop’s or the app’s credentials change', async () => {
    const asked: string[] = [];
    let refuses = true;
    const adapter = fakeAdapter(
      {
        permit: async (ask) => {
          const given = await ask({ method: 'permit', params: {} });
          return given.ok ? { ok: true, value: null } : given;
        },
      },
      ({ method }, token): Answer => {
        if (method === 'permit') asked.push(String(token));
        return refuses ? { ok: false, failure: failure({ code: 'isv.no', message: 'not yet' }) } : answer({});
      },
    );
    const { house, connect } = await opened(adapter, ['1']);
    const shops = async () => (await house.send('GET', '/v1/shops')).body.items;
    await waitUntil('the no is shown', async () => (await shops())[0].permitError === 'isv.no · not yet');
    refuses = false;
    const permitted = async (): Promise<number> => count(house, 'shops where permitted_at is not null');
    await waitUntil('it is permitted', async () => (await permitted()) === 1);
    expect((await shops())[0].permitError).toBeUndefined();
    const before = asked.length;
    await connect('2');
    await waitUntil('the other is permitted, too', async () => (await permitted()) === 2);
    expect(asked.slice(before)).toEqual(['token of 2']);
    await connect('1', { credentials: { code: 'anew' } });
    await waitUntil('it is asked again', async () => asked.length === before + 2 && (await permitted()) === 2);
    await house.send('POST', '/v1/apps', { channel: FAKE, key: 'k', secret: 'another', name: 'app' });
    await waitUntil('both are asked again', async () => asked.length === before + 4 && (await permitted()) === 2);
  });
});
