/** The receiver kit as its users get it: installed beside nothing else of ours, its types read by a strict program, its vectors run by plain Node. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const SECRET = `whsec_${Buffer.alloc(24, 4).toString('base64')}`;
const ROOT = join(import.meta.dirname, '../..');
let folder: string;
beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'tools/pack-receiver.ts')], { stdio: 'ignore' });
  folder = mkdtempSync(join(tmpdir(), 'weir-packed-'));
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  cpSync(join(ROOT, 'packages/receiver/dist'), join(folder, 'node_modules/@weir/receiver'), { recursive: true });
  for (const types of ['node', 'pg']) symlinkSync(join(ROOT, 'node_modules/@types', types), join(folder, 'node_modules/@types', types));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (file: string, text: string): string => {
  writeFileSync(join(folder, file), text);
  return execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' });
};

test('three lines of a strict program are understood by the compiler, and a wrong use is not', () => {
  const compile = (more: string): string => {
    writeFileSync(
      join(folder, 'shop.ts'),
      `import { createServer } from 'node:http';
import { receiver } from '@weir/receiver';
import { sqliteStore } from '@weir/receiver/sqlite';
const receive = receiver({ secret: '${SECRET}', store: sqliteStore('orders.db'), onChange: ({ order, tx }) => { tx.exec('select 1'); ${more} } });
createServer(receive).listen(0);
`,
    );
    try {
      const options = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext', '--types', 'node', 'shop.ts'];
      return execFileSync(join(ROOT, 'node_modules/.bin/tsc'), options, { cwd: folder, encoding: 'utf8' });
    } catch (error) {
      return String((error as { stdout: unknown }).stdout);
    }
  };
  expect(compile('const paid: string | undefined = order?.paid; void paid;')).toBe('');
  expect(compile('const paid: number | undefined = order?.paid; void paid;')).toContain("not assignable to type 'number");
});

test('its own vectors give the results that they name, under plain Node', () => {
  const said = run(
    'vectors.mjs',
    `import { digestOf, memoryStore, receiver, verify } from '@weir/receiver';
import vectors from '@weir/receiver/vectors.json' with { type: 'json' };
let [right, wrong] = [0, 0];
const judge = (a, b) => (JSON.stringify(a) === JSON.stringify(b) ? right++ : wrong++);
for (const { body, headers, secrets, nowSeconds, result } of vectors.signatures) {
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name]);
  judge(verify(secrets, { id, timestamp, signature }, Buffer.from(body), nowSeconds * 1000, 300), result);
}
receiver({ secret: '${SECRET}', store: memoryStore(), onChange() {} });
console.log(typeof digestOf, right > 10, wrong);
`,
  );
  expect(said.trim()).toBe('function true 0');
});
