import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DATA_FILE, FORM, type Manifest, MANIFEST_FILE, manifestText } from './manifest.ts';
import { packTar } from './pack.ts';
import { readBackup } from './verify.ts';

const EMPTY_TAR = Buffer.alloc(1_024);
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-verify-'));
  const { files, data } = await packTar(
    (async function* () {
      yield EMPTY_TAR;
    })(),
    join(folder, DATA_FILE),
  );
  const at = '2026-02-20T00:00:00.000Z';
  const house = { installationId: 'i', timeline: 1, schemaVersion: 1, weirVersion: '0', postgresVersion: '18', rootKeyId: 'k' };
  const manifest: Manifest = {
    form: FORM,
    startedAt: at,
    finishedAt: at,
    ...house,
    startLsn: '0/1',
    endLsn: '0/2',
    data: { name: DATA_FILE, ...data },
    files,
  };
  writeFileSync(join(folder, MANIFEST_FILE), manifestText(manifest));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('reading a backup again ends when it is given up, and that is no damage', async () => {
  expect(await readBackup(folder)).toMatchObject({ timeline: 1 });
  await expect(readBackup(folder, {}, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
});
