/** A server whose only channel keeps a queue at the address that it is given: `link-child.ts <database> <home> <platform> [die]`. */
import type { Adapter, Kept } from '@weir/connectors/adapter';
import { openHouse } from '../../apps/server/src/main.ts';
import { silentLog, systemClock } from '../../apps/server/src/platform/index.ts';
import { fakeAdapter } from '../support/fake-channel.ts';

const [databaseUrl = '', home = '', platform = '', die] = process.argv.slice(2);
const post = async (path: string, body: unknown): Promise<unknown> =>
  (await fetch(`${platform}${path}`, { method: 'POST', body: JSON.stringify(body) })).json();
const queue: Adapter['queue'] = {
  restMs: 20,
  async take() {
    const told = (await post('/take', {})) as { id: string; text: string }[];
    return { ok: true, value: told.map(({ id, text }): Kept => ({ id, bytes: Buffer.from(text) })) };
  },
  async confirm(_ask, ids) {
    await post('/confirm', ids);
    return { ok: true, value: null };
  },
};

// Whoever started us holds our standard input open; when it is gone, so are we.
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL')).resume();
await openHouse({
  databaseUrl,
  home,
  clock: systemClock,
  log: silentLog,
  adapters: [fakeAdapter({ queue })],
  reach: (point) => void (die !== undefined && point === 'link.after_durable' && process.kill(process.pid, 'SIGKILL')),
});
