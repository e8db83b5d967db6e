/** Bytes that are no message: nothing throws, nothing is an order, somebody is told why. */
import type { Adapter, ChannelKind } from '@weir/connectors/adapter';
import { CHANNEL_KINDS } from '@weir/connectors/adapter';
import { describe, expect, test } from 'vitest';
import { START } from './world.test-support.ts';

const text = (value: string): Uint8Array => Buffer.from(value);
const HOSTILE: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ['nothing', text('')],
  ['one space', text(' ')],
  ['null', text('null')],
  ['a number', text('9007199254740993')],
  ['a bare text', text('"x"')],
  ['an empty list', text('[]')],
  ['an empty object', text('{}')],
  ['a list of nulls', text('[null,null]')],
  ['half an object', text('{"a":')],
  ['two objects', text('{}{}')],
  ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x00, 0xd8])],
  ['a byte order mark', Buffer.from('\uFEFF{}')],
  ['names of the prototype', text('{"__proto__":{"a":1},"constructor":1,"toString":2,"hasOwnProperty":3}')],
  ['a name twice', text('{"tid":1,"tid":2,"order_sn":"a","order_sn":"b"}')],
  ['deep lists', text('['.repeat(2_000) + ']'.repeat(2_000))],
  ['deep objects', text('{"a":'.repeat(2_000) + '1' + '}'.repeat(2_000))],
  ['a number of a thousand digits', text(`{"id":${'9'.repeat(1_000)}}`)],
  ['numbers beyond all', text('{"a":1e999,"b":-1e999,"c":1e-999}')],
  ['a long text', text(JSON.stringify({ id: 'x'.repeat(100_000) }))],
  ['NUL in a text', text('{"id":"a\\u0000b"}')],
  ['half a surrogate', text('{"id":"\\ud800"}')],
  ['XML', text('<xml><a>1</a></xml>')],
  ['XML with entities', text('<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>')],
  ['a page of HTML', text('<html><body>502 Bad Gateway</body></html>')],
];

export function survives(adapter: Adapter): void {
  const subject = { kind: 'order', channel: adapter.channel, shop: '1', id: '1' } as const;
  describe('bytes that are no message', () => {
    test.each(HOSTILE)('%s: nothing throws, nothing is an order, and somebody is told why', (_, bytes) => {
      for (const kind of CHANNEL_KINDS as readonly ChannelKind[]) {
        const heard = adapter.read(kind, bytes, subject);
        expect(heard.messages.filter((message) => message.partial !== true)).toEqual([]);
        if (kind !== 'push') expect(heard.problems.length).toBeGreaterThan(0);
        for (const { code, pointer, zh, en } of heard.problems)
          expect([code, zh, en].every((each) => each.length > 0) && typeof pointer === 'string').toBe(true);
      }
      const routed = adapter.routePush(bytes);
      if (routed.kind === 'orders') {
        expect(routed.subjects).toEqual([]);
        expect(routed.hasUnroutable).toBe(true);
        expect(adapter.whyUnrouted(bytes).length).toBeGreaterThan(0);
      }
      const knock = { method: 'POST', headers: {}, query: {}, body: bytes } as const;
      if (adapter.door) expect(adapter.door.open(knock, { key: 'k', secret: 's' }, START).kind).toBe('refused');
      const talk = adapter.socket?.open({ key: 'k', secret: 's' });
      if (talk) expect(talk.hear(bytes, START).messages).toEqual([]);
      if (talk) expect(talk.hear(Buffer.from(bytes).toString('utf8'), START).messages).toEqual([]);
    });
  });
}
