/** The kit against the published vectors: signatures, digests, and scripts on every store that needs no server. */
import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { type Change, digestOf, memoryStore, receiver, type Order, type Store, verify } from './index.ts';
import { sqliteStore } from './sqlite-store.ts';

interface Vectors {
  readonly signatures: readonly {
    readonly name: string;
    readonly secrets: readonly string[];
    readonly nowSeconds: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly result: string;
  }[];
  readonly digests: readonly { readonly name: string; readonly state: Order; readonly digest: string }[];
  readonly scripts: readonly {
    readonly name: string;
    readonly steps: readonly {
      readonly webhookId: string;
      readonly body: { readonly subject: string };
      readonly effect: string;
      readonly version: number;
      readonly digest: string | null;
    }[];
  }[];
}
const vectors = JSON.parse(readFileSync(new URL('../vectors.json', import.meta.url), 'utf8')) as Vectors;
const SECRET = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const NOW = 1_771_590_128_000;

test('there are enough of them to be worth something', () => {
  expect(vectors.signatures.length).toBeGreaterThanOrEqual(15);
  expect(vectors.digests.length).toBeGreaterThanOrEqual(20);
  expect(vectors.scripts.length).toBeGreaterThanOrEqual(8);
});

test.each(vectors.signatures)('signature: $name → $result', ({ secrets, nowSeconds, headers, body, result }) => {
  const said = { id: headers['webhook-id'], timestamp: headers['webhook-timestamp'], signature: headers['webhook-signature'] };
  expect(verify(secrets, said, Buffer.from(body), nowSeconds * 1_000)).toBe(result);
});

test.each(vectors.digests)('digest: $name', ({ state, digest }) => {
  expect(digestOf(state)).toBe(digest);
});

const STORES: readonly (readonly [string, () => Store<unknown>])[] = [
  ['memory', memoryStore],
  ['SQLite', () => sqliteStore(':memory:')],
];
describe.each(STORES)('on %s', (_, open) => {
  test.each(vectors.scripts)('script: $name', async ({ steps }) => {
    const changes: Change<unknown>[] = [];
    const store = open();
    const { take } = receiver({ secret: SECRET, store, now: () => NOW, onChange: (change) => void changes.push(change) });
    let changed = 0;
    for (const { webhookId, body, effect, version, digest } of steps) {
      const text = JSON.stringify(body);
      const signature = new Webhook(SECRET).sign(webhookId, new Date(NOW), text);
      const headers = { 'webhook-id': webhookId, 'webhook-timestamp': String(NOW / 1_000), 'webhook-signature': signature };
      const answer = await take(headers, Buffer.from(text));
      if (effect === 'changed') changed++;
      expect([answer.status, answer.effect, answer.headers['weir-state-digest'] ?? null, changes.length]).toEqual([
        200,
        effect,
        digest,
        changed,
      ]);
      expect((await store.find(body.subject))?.version).toBe(version);
    }
    await store.close();
  });
});
