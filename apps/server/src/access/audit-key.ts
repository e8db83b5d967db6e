/** The key that signs heads of the audit: Ed25519, made with the installation, its private half wrapped by the root key. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, hkdfSync, type KeyObject } from 'node:crypto';
import type { Sql } from '#platform';
import { type Seal, sealWith } from './audit-record.ts';
import { loadAuditKey, saveAuditKey } from './audit-store.ts';
import type { Keys } from './keys.ts';

export interface AuditKey {
  readonly sign: KeyObject;
  readonly verify: KeyObject;
  readonly seal: Seal;
  readonly shown: ShownKey;
}
export interface ShownKey {
  readonly algorithm: 'Ed25519';
  /** SPKI, PEM. */
  readonly publicKey: string;
  /** For reading aloud. */
  readonly fingerprint: string;
}
const SEAL_KEY_BYTES = 32;
const der = { type: 'pkcs8', format: 'der' } as const;

/** Opens the key; an installation that has none gets one. */
export async function openAuditKey(sql: Sql, keys: Pick<Keys, 'wrap' | 'unwrap'>): Promise<AuditKey> {
  let wrapped = await loadAuditKey(sql);
  if (wrapped === null) {
    await saveAuditKey(sql, keys.wrap(generateKeyPairSync('ed25519').privateKey.export(der)));
    wrapped = (await loadAuditKey(sql)) as Buffer;
  }
  return auditKeyOf(keys.unwrap(wrapped));
}

/** Null when the installation has none yet. */
export async function readAuditKey(sql: Sql, keys: Pick<Keys, 'unwrap'>): Promise<AuditKey | null> {
  const wrapped = await loadAuditKey(sql);
  return wrapped === null ? null : auditKeyOf(keys.unwrap(wrapped));
}

function auditKeyOf(pkcs8: Buffer): AuditKey {
  const sign = createPrivateKey({ key: pkcs8, ...der });
  const verify = createPublicKey(sign);
  const seal = sealWith(Buffer.from(hkdfSync('sha256', pkcs8, '', 'weir audit seal', SEAL_KEY_BYTES)));
  return { sign, verify, seal, shown: shownKey(verify) };
}

export function shownKey(key: KeyObject): ShownKey {
  const spki = key.export({ type: 'spki', format: 'der' });
  return {
    algorithm: 'Ed25519',
    publicKey: key.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: (hash('sha256', spki, 'hex').slice(0, 32).match(/.{4}/g) ?? []).join(' '),
  };
}
