import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { startProblem } from './embedded-problems.ts';
import { createLog, openDb, silentLog, StartProblem, startEmbedded, type Db } from './index.ts';
import { processFacts } from './process-facts.ts';

const SMALL = { shared_buffers: '32MB', max_wal_size: '256MB' };
const asRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

let home: string;
const cleanUp: (() => unknown)[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'weir-embedded-'));
});
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
  rmSync(home, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

const start = async (options: { port?: number } = {}) => {
  const server = await startEmbedded({ home, settings: SMALL, log: silentLog, ...options });
  cleanUp.push(() => server.stop());
  return server;
};
const open = (url: string): Db => {
  const db = openDb({ url, max: 2, name: 'embedded-test' });
  cleanUp.push(() => db.end());
  return db;
};
const problem = async (work: Promise<unknown>): Promise<StartProblem> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StartProblem)) throw new Error('expected a StartProblem', { cause: error });
  for (const sentence of [error.zh, error.en]) expect(sentence).not.toContain('\n');
  return error;
};
const isGone = (pid: number): boolean => processFacts(pid)?.zombie ?? true;

/** Another Node that starts the database in `home`, says `{pid, url}`, and drains on SIGTERM. */
async function otherNode(options: { user?: number } = {}): Promise<{ child: ChildProcess; pid: number; url: string; problem?: string }> {
  const door = JSON.stringify(join(import.meta.dirname, 'index.ts'));
  const code = `const { startEmbedded, openDb, silentLog } = await import(${door});
    try {
      const server = await startEmbedded({ home: ${JSON.stringify(home)}, settings: ${JSON.stringify(SMALL)}, log: silentLog });
      const db = openDb({ url: server.url, max: 1, name: 'other' });
      await db.query('create table if not exists drained (at text)');
      process.on('SIGTERM', async () => {
        await db.transaction(async (tx) => { await tx.query('select pg_sleep(0.2)'); await tx.query('insert into drained values ($1)', ['yes']); });
        await db.end();
        await server.stop();
        process.exit(7);
      });
      console.log(JSON.stringify({ pid: server.pid, url: server.url }));
      setInterval(() => {}, 1000);
    } catch (error) { console.log(JSON.stringify({ pid: 0, url: '', problem: error.code ?? String(error) })); }`;
  const node = [process.execPath, '--input-type=module', '-e', code];
  const ids = options.user === undefined ? [] : [`--reuid=${options.user}`, `--regid=${options.user}`, '--clear-groups'];
  const [file = '', ...args] = options.user === undefined ? node : ['setpriv', ...ids, '--', ...node];
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanUp.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
    await waitUntil('its database has ended too', () => isGone(said.pid)); // it still writes while it stops
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const said = JSON.parse(line) as { pid: number; url: string };
  return { child, ...said };
}

describe('a life', () => {
  test('started, stopped and started again it has the same address, login and rows', async () => {
    const first = await start();
    const db = open(first.url);
    await db.query('create table kept (id int)');
    await db.query('insert into kept values (1)');
    await db.end();
    await first.stop();
    expect(isGone(first.pid)).toBe(true);
    const second = await start();
    expect(second.url).toBe(first.url);
    expect((await open(second.url).query('select id from kept')).rows).toEqual([{ id: 1 }]);
  });

  test('it stores safely, listens on loopback only, and the login is no superuser', async () => {
    const { rows } = await open((await start()).url).query<{ name: string; setting: string }>(
      `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'data_checksums')
       union all select 'is_superuser', current_setting('is_superuser')`,
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      data_checksums: 'on',
      fsync: 'on',
      full_page_writes: 'on',
      is_superuser: 'off',
      listen_addresses: '127.0.0.1',
      synchronous_commit: 'on',
    });
    expect(statSync(join(home, 'postgres-access.json')).mode & 0o777).toBe(0o600);
  });

  test('with its password file lost, new passwords are set and the rows are still there', async () => {
    const first = await start();
    await open(first.url).query('create table kept as select 1 as id');
    await cleanUp.pop()?.();
    await first.stop();
    rmSync(join(home, 'postgres-access.json'));
    const second = await start();
    expect(second.url).not.toBe(first.url);
    expect((await open(second.url).query('select id from kept')).rows).toEqual([{ id: 1 }]);
  });

  test('a half-made database of a run that was killed is made anew', async () => {
    mkdirSync(join(home, 'postgres.new'));
    writeFileSync(join(home, 'postgres.new', 'PG_VERSION'), '18\n');
    expect((await open((await start()).url).query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test('two at once on one data directory: the second is refused, the first goes on', async () => {
    const { url } = await start();
    expect((await problem(startEmbedded({ home, log: silentLog }))).code).toBe('home.in_use');
    expect((await open(url).query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('deaths', () => {
  test('kill -9 of Node leaves no PostgreSQL behind, and the next start finds all that was committed', async () => {
    const other = await otherNode();
    await open(other.url).query("insert into drained values ('committed')");
    await cleanUp.pop()?.();
    other.child.kill('SIGKILL');
    await waitUntil('PostgreSQL has ended by itself', () => isGone(other.pid));
    const db = open((await start()).url);
    expect((await db.query('select at from drained')).rows).toEqual([{ at: 'committed' }]);
  });

  test('a start right after kill -9 of Node waits for the dying database instead of failing', async () => {
    const other = await otherNode();
    other.child.kill('SIGKILL');
    await once(other.child, 'close');
    expect((await open((await start()).url).query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test('kill -9 of PostgreSQL: it comes back at the same address with all that was committed, and the log says so', async () => {
    const lines: string[] = [];
    const server = await startEmbedded({ home, settings: SMALL, log: createLog({ write: (line) => lines.push(line) }) });
    cleanUp.push(() => server.stop());
    const db = open(server.url);
    await db.query('create table kept as select 1 as id');
    const before = server.pid;
    process.kill(before, 'SIGKILL');
    await waitUntil('the database answers again', async () =>
      db.query('select id from kept').then(
        ({ rowCount }) => server.pid !== before && rowCount === 1,
        () => false,
      ),
    );
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events).toEqual(expect.arrayContaining(['database.died', 'database.restarted']));
  });

  test('a stop while the database is being started again ends everything', async () => {
    const server = await start();
    const before = server.pid;
    process.kill(before, 'SIGKILL');
    await waitUntil('the death is noticed', () => server.pid !== before);
    await server.stop();
    expect([isGone(before), server.pid === 0 || isGone(server.pid)]).toEqual([true, true]);
  });

  test('SIGTERM drains: what was under way is finished and stored before the database stops', async () => {
    const other = await otherNode();
    const closed = once(other.child, 'close');
    other.child.kill('SIGTERM');
    expect(await closed).toEqual([7, null]);
    expect(isGone(other.pid)).toBe(true);
    expect((await open((await start()).url).query('select at from drained')).rows).toEqual([{ at: 'yes' }]);
  });
});

describe('users', () => {
  test('it runs as a normal user', async () => {
    if (asRoot) chownSync(home, NOBODY, NOBODY);
    const other = await otherNode(asRoot ? { user: NOBODY } : {});
    expect(statSync(join(home, 'postgres')).uid).toBe(asRoot ? NOBODY : process.getuid?.());
    expect((await open(other.url).query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test.runIf(asRoot)('a data directory made by root is refused to a normal user, and the reverse', async () => {
    await (await start()).stop();
    expect((await otherNode({ user: NOBODY })).problem).toBe('home.not_writable');
    chownSync(home, NOBODY, NOBODY);
    chownSync(join(home, 'postgres'), NOBODY, NOBODY);
    const refused = await problem(start());
    expect([refused.code, refused.en.includes(`uid ${NOBODY}`)]).toEqual(['database.other_owner', true]);
  });

  test.runIf(asRoot)('a data directory that the database user cannot reach is refused and the closed directory named', async () => {
    const closed = home;
    chmodSync(closed, 0o700);
    const refused = await problem(startEmbedded({ home: join(closed, 'in', 'side'), log: silentLog }));
    expect([refused.code, refused.en.includes(`chmod o+x ${closed},`)]).toEqual(['database.path_closed', true]);
  });
});

describe('refusals', () => {
  test('a database of a newer major version is not touched', async () => {
    await (await start()).stop();
    const file = join(home, 'postgres', 'PG_VERSION');
    writeFileSync(file, '19\n');
    const refused = await problem(start());
    expect([refused.code, refused.en.includes('PostgreSQL 19'), readFileSync(file, 'utf8')]).toEqual([
      'database.other_version',
      true,
      '19\n',
    ]);
  });

  test('a port that was asked for and is taken is refused; a remembered one is exchanged', async () => {
    const first = await start();
    await first.stop();
    const squatter = createServer();
    cleanUp.push(() => squatter.close());
    await once(squatter.listen(first.port, '127.0.0.1'), 'listening');
    const refused = await problem(start({ port: first.port }));
    expect([refused.code, refused.zh.includes(String(first.port))]).toEqual(['database.port_used', true]);
    const second = await start();
    expect(second.port).not.toBe(first.port);
    expect((await open(second.url).query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test.runIf(process.platform === 'linux')('without setpriv it says which package has it', async () => {
    vi.stubEnv('PATH', join(home, 'no-such-directory'));
    const refused = await problem(start());
    expect([refused.code, refused.en.includes('util-linux')]).toEqual(['setpriv.missing', true]);
  });

  test.each([
    ['could not write to file "pg_wal/xlogtemp.31": No space left on device', 'disk.full'],
    ['FATAL:  could not open file "global/pg_control": Permission denied', 'home.not_writable'],
    ['postgres: error while loading shared libraries: libicui18n.so.60: cannot open', 'database.broken_install'],
    ['FATAL:  something that nobody foresaw', 'database.start_failed'],
  ])('the complaint "%s" becomes %s', (line, code) => {
    const problem = startProblem('/data/weir', ['LOG:  starting', line, 'HINT:  none']);
    expect(problem.code).toBe(code);
    for (const sentence of [problem.zh, problem.en]) expect(sentence).toMatch(/\/data\/weir|npm ci/);
  });
});
