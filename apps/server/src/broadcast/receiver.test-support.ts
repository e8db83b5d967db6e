/** A house with receivers on loopback that answer as a test wants, and orders to tell them of. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { neutralOrder, type TestHouse, testHouse } from '../../../../tests/support/index.ts';

export interface Arrival {
  readonly id: string;
  readonly subject: string;
  readonly version: number;
  readonly type: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** ms on the steady clock. */
  readonly at: number;
}
/** `hang`: no answer at all. */
export type Answer = (arrival: Arrival, response: ServerResponse) => number | 'hang';
export interface Receiver {
  readonly id: string;
  readonly secret: string;
  /** First arrivals that were taken, in order. */
  readonly taken: Arrival[];
  /** Every try, also the refused ones. */
  readonly tries: Arrival[];
  /** Nobody listens at its address, until it comes back. */
  leave(): Promise<void>;
  comeBack(): Promise<void>;
}
export interface BroadcastHouse extends TestHouse {
  receiver(answer?: Answer, more?: object): Promise<Receiver>;
  /** A whole order that changes with each minute; answers its key. */
  push(id: string, minutes: number, more?: object): Promise<string>;
  /** The endpoint as the API shows it. */
  statusOf(id: string): Promise<Record<string, unknown>>;
  /** Removes the endpoints and receivers made so far. */
  clear(): Promise<void>;
}

export async function broadcastHouse(options: Parameters<typeof testHouse>[0] = {}): Promise<BroadcastHouse> {
  const house = await testHouse({ ...options, allowPrivateEndpoints: true });
  const servers: Server[] = [];
  const endpoints: string[] = [];
  return {
    ...house,
    async receiver(answer = () => 200, more = {}) {
      const [taken, tries]: [Arrival[], Arrival[]] = [[], []];
      const server = createServer((request, response) => void receive(request, response, answer, taken, tries));
      servers.push(server);
      const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
      await listen(0);
      const { port } = server.address() as AddressInfo;
      const url = `http://127.0.0.1:${port}/hook`;
      const { status, body } = await house.send('POST', '/v1/endpoints', { name: 'test', url, ...more });
      if (status !== 201) throw new Error(`no endpoint: ${JSON.stringify(body)}`);
      endpoints.push(body.id as string);
      return {
        id: body.id as string,
        secret: body.secret as string,
        taken,
        tries,
        leave: () => closed(server),
        comeBack: () => listen(port),
      };
    },
    async push(id, minutes, more = {}) {
      const wanted = neutralOrder({ channelOrderId: id, modifiedAt: at(minutes), remark: `第 ${minutes} 次`, ...more });
      return (await house.send('POST', '/v1/orders', wanted)).body.orderKey as string;
    },
    async statusOf(id) {
      const { items } = (await house.send('GET', '/v1/endpoints')).body as { items: Record<string, unknown>[] };
      return items.find((item) => item['id'] === id) ?? {};
    },
    async clear() {
      for (const id of endpoints.splice(0)) await house.send('POST', `/v1/endpoints/${id}:remove`, {});
      for (const server of servers.splice(0)) void closed(server);
    },
  };
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  taken: Arrival[],
  tries: Arrival[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const { subject, sequence, type } = JSON.parse(body) as { subject: string; sequence: string; type: string };
  const headers = request.headers as Record<string, string>;
  const arrival = { id: headers['webhook-id'] as string, subject, version: Number(sequence), type, headers, body, at: performance.now() };
  tries.push(arrival);
  const status = answer(arrival, response);
  if (status === 'hang') return;
  if (status < 300 && !taken.some((each) => each.id === arrival.id)) taken.push(arrival);
  response.writeHead(status).end();
}

const at = (minutes: number): string => new Date(Date.parse('2026-02-20T20:23:00+08:00') + minutes * 60_000).toISOString();
let serial = 0;
/** An order id that no other test uses. */
export const fresh = (): string => `b${++serial}`;
export const inOrder = (arrivals: readonly Arrival[]): boolean => {
  const seen = new Map<string, number>();
  return arrivals.every(({ subject, version }) => {
    const fine = version > (seen.get(subject) ?? 0);
    seen.set(subject, version);
    return fine;
  });
};
/** A figure beside a promise, for people who read the run. */
export const say = (text: string): void => void process.stdout.write(`  ${text}\n`);
