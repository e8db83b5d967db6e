import { expect, test } from 'vitest';
import { describeSettings, PLATFORM_SETTINGS, readConfig, readSettings, StartProblem, unknownVariables } from './index.ts';

function problemOf(env: Record<string, string>): StartProblem {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof StartProblem) return error;
    throw error;
  }
  throw new Error('expected a StartProblem');
}

test('nothing set gives the defaults', () => {
  expect(readConfig({ WEIR_PORT: '  ' })).toEqual({
    home: '.weir',
    port: 7700,
    host: '127.0.0.1',
    databaseUrl: null,
    adminToken: null,
    publicUrl: null,
    trustedProxies: [],
    connectionsPerAddress: 1_000,
    allowPrivateEndpoints: false,
    logLevel: 'info',
    backupDir: null,
    backupKeepDays: 35,
    keepFactsDays: 1_095,
    keepPersonalDays: 180,
    keepRawDays: 90,
    keepWorkDays: 90,
    auditHeads: null,
    auditHeadsUrl: null,
  });
});

test('each setting is read from its variable', () => {
  const env = { WEIR_PORT: '0', WEIR_DATABASE_URL: 'postgres://a:b@db/weir', WEIR_ALLOW_PRIVATE_ENDPOINTS: 'Yes', WEIR_LOG_LEVEL: 'debug' };
  expect(readConfig(env)).toMatchObject({ port: 0, databaseUrl: 'postgres://a:b@db/weir', allowPrivateEndpoints: true, logLevel: 'debug' });
});

test('networks stand in a list', () => {
  expect(readConfig({ WEIR_TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.1,2001:db8::/32' }).trustedProxies).toEqual([
    '10.0.0.0/8',
    '192.0.2.1',
    '2001:db8::/32',
  ]);
});

test.each([
  ['1', true],
  ['off', false],
  ['10.1.0.0/16, 192.168.3.7,fd12:3::/48', ['10.1.0.0/16', '192.168.3.7', 'fd12:3::/48']],
])('networks %j are read as %j', (text, networks) => {
  expect(readConfig({ WEIR_ALLOW_PRIVATE_ENDPOINTS: text }).allowPrivateEndpoints).toEqual(networks);
});
test.each(['10.1.0.0/33', '10.1/16', '10.1.0.0/16,', 'erp.internal', '10.1.0.0/16/2', 'fe80::1%eth0', '10.0.0.0/'])(
  'networks %j are refused',
  (text) => {
    expect(problemOf({ WEIR_ALLOW_PRIVATE_ENDPOINTS: text }).en).toContain('10.1.0.0/16,192.168.3.7');
  },
);

test.each([
  ['WEIR_PORT', '80a', '0 到 65535 的整数', 'a whole number from 0 to 65535'],
  ['WEIR_PORT', '65536', '0 到 65535 的整数', 'a whole number from 0 to 65535'],
  ['WEIR_PORT', '1e3', '整数', 'whole number'],
  ['WEIR_PUBLIC_URL', 'ftp://x', 'https://', 'https://'],
  ['WEIR_ALLOW_PRIVATE_ENDPOINTS', 'maybe', '1 或 0', '1 or 0'],
  ['WEIR_TRUSTED_PROXIES', '10.0.0.0/33', '网段', 'networks'],
  ['WEIR_TRUSTED_PROXIES', 'proxy.internal', '网段', 'networks'],
  ['WEIR_LOG_LEVEL', 'loud', 'debug、info、warn、error、silent', 'one of debug, info, warn, error, silent'],
])('%s=%s is refused: variable, reading and expectation in both languages', (name, text, zh, en) => {
  const problem = problemOf({ [name]: text });
  expect(problem.code).toBe('config.invalid');
  for (const part of [name, `"${text}"`, zh]) expect(problem.zh).toContain(part);
  for (const part of [name, `"${text}"`, en]) expect(problem.en).toContain(part);
});

test('a secret is not repeated in the message, nor shown in the summary', () => {
  expect(problemOf({ WEIR_ADMIN_TOKEN: 'short-secret' }).message).not.toContain('short-secret');
  expect(problemOf({ WEIR_DATABASE_URL: 'mysql://u:pass@h/d' }).message).not.toContain('pass');
  const values = readConfig({ WEIR_ADMIN_TOKEN: 'long-enough-secret-token' });
  expect(JSON.stringify(describeSettings(PLATFORM_SETTINGS, values))).not.toContain('long-enough-secret-token');
});

test('all that is wrong is said at once', () => {
  const { zh, en } = problemOf({ WEIR_PORT: 'x', WEIR_LOG_LEVEL: 'y' });
  for (const sentence of [zh, en]) expect(sentence).toMatch(/WEIR_PORT.*WEIR_LOG_LEVEL/);
});

test('a room brings its own settings, typed by its table', () => {
  const room = { tryLimit: { env: 'WEIR_TRY_LIMIT', type: 'integer', default: 3, range: [1, 9], zh: '次数', en: 'tries' } } as const;
  const { tryLimit }: { readonly tryLimit: number } = readSettings(room, { WEIR_TRY_LIMIT: '5' });
  expect(tryLimit).toBe(5);
  expect(() => readSettings(room, { WEIR_TRY_LIMIT: '10' })).toThrow(/1 to 9/);
});

test('a mistyped variable is noticed', () => {
  expect(unknownVariables({ WEIR_PROT: '1', WEIR_PORT: '1', PATH: '' }, [PLATFORM_SETTINGS])).toEqual(['WEIR_PROT']);
});
