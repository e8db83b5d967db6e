/** A mini-program and its merchant as the simulated WeChat knows them, whole: everything that Weir must be told of the app. */
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { SandboxApp } from '../market/platform.ts';
import { MERCHANT_TEST_KEY, NEXT_PLATFORM_TEST_KEY, PLATFORM_TEST_KEY } from './test-keys.ts';

/** Under this id and that serial the platform signs; while keys are rotated both count. */
export const PLATFORM_KEYS = [
  { id: 'PUB_KEY_ID_0114232134912026022200000000', key: createPrivateKey(PLATFORM_TEST_KEY) },
  { id: 'PUB_KEY_ID_0114232134912026022200000001', key: createPrivateKey(NEXT_PLATFORM_TEST_KEY) },
] as const;

const hex = (seed: number, name: string): string => createHash('sha256').update(`${name} ${seed}`).digest('hex');
const publicPem = (key: (typeof PLATFORM_KEYS)[number]['key']): string =>
  createPublicKey(key.export({ type: 'pkcs8', format: 'pem' }).toString())
    .export({ type: 'spki', format: 'pem' })
    .toString();

/** The same for the same seed; only the RSA keys are one and the same everywhere. */
export const wechatApp = (seed: number): SandboxApp => ({
  key: `wx${hex(seed, 'appid').slice(0, 16)}`,
  secret: hex(seed, 'secret').slice(0, 32),
  settings: {
    apiV3Key: hex(seed, 'v3').slice(0, 32),
    apiV2Key: hex(seed, 'v2').slice(0, 32),
    merchantSerial: hex(seed, 'serial').slice(0, 40).toUpperCase(),
    merchantKey: MERCHANT_TEST_KEY,
    platformKeys: PLATFORM_KEYS.map(({ id, key }) => `${id}\n${publicPem(key)}`).join('\n'),
    pushToken: hex(seed, 'token').slice(0, 24),
    encodingAesKey: hex(seed, 'aes').slice(0, 43),
    senderContact: '154****0001',
  },
});
export const setting = (app: SandboxApp, name: string): string => app.settings?.[name] ?? '';
