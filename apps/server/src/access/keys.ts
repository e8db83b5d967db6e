/**
 * Keys of an installation. The root key lives in a file beside the data (0600) and wraps everything else: one data key per month, and the
 * installation's secrets (serials, blind index, fingerprints). An HSM takes the root key's place in a later issue.
 */
import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SerialSecret } from '@weir/core';
import { type Db, StartProblem } from '#platform';
import { type BoxKey, oneShotHmac, type SealBox, sealBox } from './seal-box.ts';
import { addDataKey, loadDataKeys, loadInstallation, saveInstallation } from './store.ts';

export interface Keys {
  readonly installationId: string;
  readonly box: SealBox;
  readonly serialSecret: SerialSecret;
  /** Keyed and one-way: tells whether two personal texts are equal without keeping either. 32 hex characters. */
  fingerprint(text: string): string;
  /** Index entry of a whole phone number, 16 bytes. */
  blindToken(phone: string): Buffer;
  /** Wraps small secrets that must be read again, e.g. an endpoint's signing secret. */
  wrap(secret: Buffer): Buffer;
  unwrap(wrapped: Buffer): Buffer;
}

const ROOT_KEY_FILE = 'root.key';
const SECRETS_BYTES = 32 + 32 + 16;
const monthOf = (now: number): string => new Date(now).toISOString().slice(0, 7);

/** AES-256-GCM under the root key, as a token would do it: nonce (12) | tag (16) | text. */
function wrapper(root: Buffer) {
  return {
    wrap(secret: Buffer): Buffer {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', root, nonce);
      const body = Buffer.concat([cipher.update(secret), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    unwrap(wrapped: Buffer): Buffer {
      const decipher = createDecipheriv('aes-256-gcm', root, wrapped.subarray(0, 12)).setAuthTag(wrapped.subarray(12, 28));
      try {
        return Buffer.concat([decipher.update(wrapped.subarray(28)), decipher.final()]);
      } catch {
        throw new StartProblem('keys.wrong_root', {
          zh: '根密钥与数据库不匹配：请放回原来的 root.key 文件',
          en: 'The root key does not fit this database: put the original root.key file back',
        });
      }
    },
  };
}

function readRootKey(home: string, databaseHasKeys: boolean): Buffer {
  const file = join(home, ROOT_KEY_FILE);
  if (existsSync(file)) return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
  if (databaseHasKeys)
    throw new StartProblem('keys.no_root', {
      zh: `找不到根密钥 ${file}；没有它，已有的数据打不开。请从备份放回`,
      en: `The root key ${file} is missing and the existing data cannot be opened without it; restore it from your backup`,
    });
  const root = randomBytes(32);
  writeFileSync(file, `${root.toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  return root;
}

/** Opens (or on an empty database makes) the keys. Called once per process, under the data-directory lock. */
export async function openKeys(db: Db, home: string, now: number): Promise<Keys> {
  const installation = await loadInstallation(db);
  const root = wrapper(readRootKey(home, installation !== null));
  const secrets = installation === null ? randomBytes(SECRETS_BYTES) : root.unwrap(installation.wrappedSecrets);
  const installationId = installation?.id ?? (await saveInstallation(db, root.wrap(secrets)));
  const month = monthOf(now);
  let rows = await loadDataKeys(db);
  if (!rows.some((row) => row.month === month)) {
    await addDataKey(db, month, root.wrap(randomBytes(48)));
    rows = await loadDataKeys(db);
  }
  const known = new Map<number, BoxKey>();
  for (const row of rows) {
    const raw = root.unwrap(row.wrapped);
    known.set(row.keyId, { id: row.keyId, cipherKey: raw.subarray(0, 16), macKey: raw.subarray(16) });
  }
  const current = known.get(rows.find((row) => row.month === month)?.keyId ?? -1) as BoxKey;
  const [fingerprintMac, blindMac] = [oneShotHmac('sm3', secrets.subarray(0, 32)), oneShotHmac('sm3', secrets.subarray(32, 64))];
  const words = [64, 68, 72, 76].map((at) => secrets.readUInt32BE(at)) as unknown as SerialSecret;
  return {
    installationId,
    box: sealBox(current, known),
    serialSecret: words,
    fingerprint: (text) => fingerprintMac(Buffer.from(text)).toString('hex', 0, 16),
    blindToken: (phone) => blindMac(Buffer.from(phone)).subarray(0, 16),
    wrap: root.wrap,
    unwrap: root.unwrap,
  };
}

/** A token or session is stored as this hash only. */
export const secretHash = (secret: string): Buffer => hash('sha256', secret, 'buffer');
