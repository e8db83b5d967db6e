/**
 * Keys of an installation. The root key lives in a file beside the data (0600) and wraps everything else: one data key per month, and the
 * installation's secrets (serials, blind index, fingerprints). An HSM takes the root key's place in a later issue.
 */
import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { counterFloorOf, FIRST_TIMELINE, type SerialSecret } from '@weir/core';
import { type Db, Fault, type Sql, StartProblem } from '#platform';
import { type BoxKey, oneShotHmac, type SealBox, sealBox } from './seal-box.ts';
import { addDataKey, loadDataKeys, loadInstallation, saveInstallation } from './store.ts';

export interface Keys {
  readonly installationId: string;
  readonly box: SealBox;
  readonly serialSecret: SerialSecret;
  /** Counters that are counted on lie above it: another timeline may have told the numbers up to there. */
  readonly counterFloor: number;
  /** Keyed and one-way: tells whether two personal texts are equal without keeping either. 32 hex characters. */
  fingerprint(text: string): string;
  /** Index entry of a whole phone number, 16 bytes. */
  blindToken(phone: string): Buffer;
  /** Wraps small secrets that must be read again, e.g. an endpoint's signing secret. */
  wrap(secret: Buffer): Buffer;
  unwrap(wrapped: Buffer): Buffer;
  /** Makes the keys of this month and the coming one, learns those that other processes made, and seals with this month's from now on. */
  renew(now: number): Promise<void>;
  /** Whether the key of this month is the one that seals. */
  areCurrent(now: number): boolean;
}

/** A month's key is made this long before, so that every process knows it before the first of them seals with it. */
const AHEAD_MS = 3 * 86_400_000;
const DATA_KEY_BYTES = 48;
/** Another process may take the same number for another month; then we look again. */
const TRIES = 5;
export const ROOT_KEY_FILE = 'root.key';
const FINGERPRINT_HEX = 32;
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

/** Tells this root key from another one and says nothing about it; null when there is none. */
export function rootKeyId(file: string): string | null {
  if (!existsSync(file)) return null;
  const root = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
  return hash('sha256', Buffer.concat([Buffer.from('weir root key\0'), root]), 'hex').slice(0, 16);
}
/** Wraps and unwraps with the root key that lies in `home`; throws a StartProblem when it is not there. For tools beside the server. */
export const rootOf = (home: string): ReturnType<typeof wrapper> => wrapper(readRootKey(home, true));

/** Refuses (StartProblem) `keys.no_root`, `keys.wrong_root`: the root key in `home` must open what lies in this database. */
export async function proveRootKey(sql: Sql, home: string): Promise<void> {
  const installation = await loadInstallation(sql);
  if (installation !== null) rootOf(home).unwrap(installation.wrappedSecrets);
}

/** The data keys, one a month. */
function createMonths(db: Db, root: ReturnType<typeof wrapper>) {
  const known = new Map<number, BoxKey>();
  let current: BoxKey | undefined;
  let month = '';
  const rowsWith = async (wanted: ReadonlySet<string>): ReturnType<typeof loadDataKeys> => {
    for (let tried = 0; tried < TRIES; tried++) {
      const rows = await loadDataKeys(db);
      const missing = [...wanted].filter((month) => !rows.some((row) => row.month === month));
      if (missing.length === 0) return rows;
      for (const month of missing) await addDataKey(db, month, root.wrap(randomBytes(DATA_KEY_BYTES)));
    }
    throw new Fault('keys.not_made', { message: `the data keys of ${[...wanted].join(' and ')} could not be made`, retry: true });
  };
  return {
    known,
    current: (): BoxKey => current as BoxKey,
    month: (): string => month,
    async renew(now: number): Promise<void> {
      const rows = await rowsWith(new Set([monthOf(now), monthOf(now + AHEAD_MS)]));
      for (const { keyId, wrapped } of rows) {
        if (known.has(keyId)) continue;
        const raw = root.unwrap(wrapped);
        known.set(keyId, { id: keyId, cipherKey: raw.subarray(0, 16), macKey: raw.subarray(16) });
      }
      month = monthOf(now);
      current = known.get(rows.find((row) => row.month === monthOf(now))?.keyId ?? -1);
    },
  };
}

/** Opens (or on an empty database makes) the keys. Called once per process, under the data-directory lock. */
export async function openKeys(db: Db, home: string, now: number): Promise<Keys> {
  const installation = await loadInstallation(db);
  const root = wrapper(readRootKey(home, installation !== null));
  const secrets = installation === null ? randomBytes(SECRETS_BYTES) : root.unwrap(installation.wrappedSecrets);
  const installationId = installation?.id ?? (await saveInstallation(db, root.wrap(secrets)));
  const months = createMonths(db, root);
  await months.renew(now);
  const [fingerprintMac, blindMac] = [oneShotHmac('sm3', secrets.subarray(0, 32)), oneShotHmac('sm3', secrets.subarray(32, 64))];
  const words = [64, 68, 72, 76].map((at) => secrets.readUInt32BE(at)) as unknown as SerialSecret;
  return {
    installationId,
    box: sealBox(months.current, months.known),
    serialSecret: words,
    counterFloor: counterFloorOf(installation?.timeline ?? FIRST_TIMELINE),
    fingerprint: (text) => fingerprintMac.as('hex', text).slice(0, FINGERPRINT_HEX),
    blindToken: (phone) => blindMac(phone).subarray(0, 16),
    wrap: root.wrap,
    unwrap: root.unwrap,
    renew: months.renew,
    areCurrent: (now) => months.month() === monthOf(now),
  };
}

/** A token or session is stored as this hash only. */
export const secretHash = (secret: string): Buffer => hash('sha256', secret, 'buffer');
