/** `intake.import`: the same traffic through the NDJSON stream. */
import { Readable } from 'node:stream';
import { request } from 'undici';
import { copyBaseline } from './copy-baseline.ts';
import { startHouse } from './house.ts';
import { createTraffic } from './orders.ts';
import { readBack } from './read-back.ts';
import { type Figure, figure } from './report.ts';

const LINES_A_CHUNK = 200;

export async function intakeImport(seconds: number): Promise<Figure[]> {
  const house = await startHouse();
  try {
    const traffic = createTraffic(1);
    const start = performance.now();
    let lines = 0;
    const chunks = function* (): Generator<Buffer> {
      while (performance.now() - start < seconds * 1000) {
        lines += LINES_A_CHUNK;
        yield Buffer.from(`${Array.from({ length: LINES_A_CHUNK }, () => traffic.next()).join('\n')}\n`);
      }
    };
    const response = await request(`${house.url}/v1/orders:import`, {
      method: 'POST',
      body: Readable.from(chunks()),
      headers: { authorization: `Bearer ${house.token}`, 'content-type': 'application/x-ndjson' },
      bodyTimeout: 0,
      headersTimeout: 0,
    });
    let tail = '';
    for await (const chunk of response.body) tail = (tail + String(chunk)).slice(-2_000);
    const took = (performance.now() - start) / 1000;
    process.stderr.write(`import: ${tail.trimEnd().split('\n').at(-1)}\n`);
    const changes = await readBack(house);
    if (changes !== lines) throw new Error(`${lines} lines were sent and ${changes} messages stored`);
    return [
      figure(
        'intake.import',
        lines / took,
        'changes/s',
        'COPY of the same rows, one connection',
        await copyBaseline(house.databaseUrl, changes),
        '≥ 16,000/s, ratio ≥ 0.4',
      ),
    ];
  } finally {
    await house.stop();
  }
}
