import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { linesToSkip } from './import-resume.ts';

test('a line that an earlier version reported as refused because it could not be stored is sent again, and every line behind it', async () => {
  const report = [
    { line: 1, result: 'created' },
    { line: 3, result: 'refused', code: 'order.not_an_order' },
    { line: 2, result: 'changed' },
    { line: 4, result: 'refused', code: 'server.stopping' },
    { line: 5, result: 'created' },
  ];
  const server = createServer((_, response) => void response.end(report.map((line) => `${JSON.stringify(line)}\n`).join('')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api: Parameters<typeof linesToSkip>[0] = { base, headers: {}, call: () => Promise.reject(new Error('not asked')) };
  try {
    expect(await linesToSkip(api, { import: 'imp_1', before: 100 })).toBe(103);
  } finally {
    server.close();
  }
});
