/** The examples of docs/verify are run in the languages that this machine has, on signatures of the public library. */
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, expect, test } from 'vitest';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'docs', 'verify');
const folder = mkdtempSync(join(tmpdir(), 'weir-verify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const secretOf = (fill: number): string => `whsec_${Buffer.alloc(24, fill).toString('base64')}`;
const [OURS, NEXT, FOREIGN] = [secretOf(1), secretOf(2), secretOf(3)];
const BODY = '{"type":"weir.order.paid","data":{"title":"龙井 250g","payable":"114.00"}}';

interface Language {
  readonly name: string;
  /** Is it here? */
  readonly probe: readonly string[];
  readonly build?: readonly string[];
  readonly run: readonly string[];
  /** Takes a minute to build where nothing is built yet: only with WEIR_LANGUAGES=all. */
  readonly isLong?: true;
}
const LANGUAGES: readonly Language[] = [
  { name: 'Python', probe: ['python3', '--version'], run: ['python3', join(EXAMPLES, 'verify.py')] },
  {
    name: 'Java',
    probe: ['javac', '--version'],
    build: ['javac', '-encoding', 'UTF-8', '-d', folder, join(EXAMPLES, 'Verify.java')],
    run: ['java', '-cp', folder, 'Verify'],
  },
  { name: 'PHP', probe: ['php', '--version'], run: ['php', join(EXAMPLES, 'verify.php')] },
  {
    name: 'Go',
    isLong: true,
    probe: ['go', 'version'],
    build: ['go', 'build', '-o', join(folder, 'verify-go'), join(folder, 'verify.go')],
    run: [join(folder, 'verify-go')],
  },
];
const call = ([command = '', ...args]: readonly string[], more: { input?: string; env?: Record<string, string> } = {}) =>
  spawnSync(command, args, {
    encoding: 'utf8',
    input: more.input ?? '',
    env: { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '', GO111MODULE: 'off', ...more.env },
    cwd: folder,
  });

interface Message {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: string;
}
function message(signedWith: readonly string[], ageSeconds = 0): Message {
  const at = new Date(Date.now() - ageSeconds * 1_000);
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  return {
    id: 'evt-1.ep_1',
    timestamp,
    body: BODY,
    signature: signedWith.map((secret) => new Webhook(secret).sign('evt-1.ep_1', at, BODY)).join(' '),
  };
}
/** What anybody can sign when the receiver's secret is empty. */
function forged(secret: string): Message {
  const { id, timestamp, body } = message([]);
  return { id, timestamp, body, signature: `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}` };
}
const CASES: readonly (readonly [string, readonly string[], () => Message, string])[] = [
  ['right', [OURS], () => message([OURS]), 'ok'],
  ['two signatures, one secret', [OURS], () => message([NEXT, OURS]), 'ok'],
  ['one signature, two secrets', [NEXT, OURS], () => message([OURS]), 'ok'],
  ['a foreign secret', [OURS], () => message([FOREIGN]), 'refused'],
  ['a changed body', [OURS], () => ({ ...message([OURS]), body: BODY.replace('114', '115') }), 'refused'],
  ['too old', [OURS], () => message([OURS], 400), 'refused'],
  ['too new', [OURS], () => message([OURS], -400), 'refused'],
  ['no number of seconds', [OURS], () => ({ ...message([OURS]), timestamp: 'x' }), 'refused'],
  [
    'a version that is not known',
    [OURS],
    () => ({ ...message([OURS]), signature: message([OURS]).signature.replace('v1,', 'v2,') }),
    'refused',
  ],
  ['no secret is set', [], () => forged(''), 'refused'],
  ['a secret cut off behind its prefix', ['whsec_'], () => forged(''), 'refused'],
  ['a secret that is no base64', ['whsec_!', OURS], () => message([OURS]), 'ok'],
  ['no signature', [OURS], () => ({ ...message([OURS]), signature: '' }), 'refused'],
];

const isWanted = ({ isLong }: Language): boolean => isLong === undefined || process.env['WEIR_LANGUAGES'] === 'all';
const isHere = ({ probe }: Language): boolean => call(probe).status === 0;
const [here, away] = [
  LANGUAGES.filter((each) => isWanted(each) && isHere(each)),
  LANGUAGES.filter((each) => !isWanted(each) || !isHere(each)),
];
process.stdout.write(`  run: ${here.map(({ name }) => name).join(', ')}; not run: ${away.map(({ name }) => name).join(', ')}\n`);

test('the guide shows every example', () => {
  const guide = readFileSync(join(EXAMPLES, '..', 'webhooks.md'), 'utf8');
  expect(readdirSync(EXAMPLES).filter((file) => !guide.includes(`(verify/${file})`))).toEqual([]);
  expect(readdirSync(EXAMPLES).length).toBe(LANGUAGES.length);
});

test.each(here)('$name: the example takes what is right and refuses the rest', ({ build, run }) => {
  copyFileSync(join(EXAMPLES, 'verify.go'), join(folder, 'verify.go'));
  const built = build === undefined ? null : call(build);
  expect(built?.stderr ?? '').toBe('');
  for (const [what, secrets, make, wanted] of CASES) {
    const { id, timestamp, signature, body } = make();
    const { stdout, stderr } = call([...run, id, timestamp, signature], { input: body, env: { WEIR_SECRETS: secrets.join(' ') } });
    expect([what, stdout.trim(), stderr]).toEqual([what, wanted, '']);
  }
});
