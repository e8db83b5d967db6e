/** The baseline of the bench `broadcast`: keep-alive POSTs of the same bodies to the same sink, and nothing else. Talks to its parent over IPC. */
import { Pool } from 'undici';

export interface BareJob {
  readonly url: string;
  readonly path: string;
  readonly bodies: readonly string[];
  readonly seconds: number;
  readonly connections: number;
}
export interface BareResult {
  readonly done: number;
  readonly seconds: number;
}
const HEADERS = ['content-type', 'application/cloudevents+json'];

process.on('message', (job: BareJob) => void run(job).then((result) => process.send?.(result)));

async function run({ url, path, bodies, seconds, connections }: BareJob): Promise<BareResult> {
  const pool = new Pool(url, { connections, pipelining: 1, allowH2: false });
  const buffers = bodies.map((body) => Buffer.from(body));
  const start = performance.now();
  let done = 0;
  const post = (body: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      pool.dispatch(
        { path, method: 'POST', headers: HEADERS, body },
        {
          onRequestStart() {},
          onResponseStart() {},
          onResponseData() {},
          onResponseEnd: () => resolve(),
          onResponseError: (_, error) => reject(error),
        },
      );
    });
  const lane = async (): Promise<void> => {
    while (performance.now() - start < seconds * 1000) await post(buffers[done++ % buffers.length] as Buffer);
  };
  await Promise.all(Array.from({ length: connections }, lane));
  const took = (performance.now() - start) / 1000;
  await pool.close();
  return { done, seconds: took };
}
