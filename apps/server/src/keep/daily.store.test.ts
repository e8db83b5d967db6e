/** Backups grow old by a time that is proven, not by a clock that jumped. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { manualClock, silentLog } from '#platform';
import { startDaily } from './daily.ts';
import { type Manifest, MANIFEST_FILE, manifestText } from './manifest.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 1, 21, 4);
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'weir-daily-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function place(at: number) {
  const startedAt = new Date(at).toISOString();
  const folder = join(dir, `weir-${startedAt.slice(0, 19).replaceAll(/[-:]/g, '')}Z`);
  mkdirSync(folder);
  const manifest = { form: 'weir-backup-1', startedAt, data: { size: 1 }, files: [] } as unknown as Manifest;
  writeFileSync(join(folder, MANIFEST_FILE), manifestText(manifest));
  return { folder, manifest };
}

test.each([
  ['proves nothing', START, 4],
  ['is proven', START + 400 * DAY_MS, 1],
])('a clock 400 days ahead that %s', async (_, provenAt, left) => {
  for (const days of [3, 2, 1]) place(START - days * DAY_MS);
  const clock = manualClock(START + 400 * DAY_MS);
  let isMade = false;
  const log = { ...silentLog, event: (name: string) => void (isMade ||= name === 'backup.made') };
  const make = async () => place(clock.now());
  const daily = startDaily({ dir, keepMs: 35 * DAY_MS, clock, log, make, provenAt: async () => provenAt });
  await waitUntil('the backup is made', async () => isMade);
  await daily.stop();
  expect(readdirSync(dir)).toHaveLength(left);
});
