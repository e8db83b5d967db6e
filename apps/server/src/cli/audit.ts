/** `weir audit …`: looks at the database and the file of heads, not at what the server says about them. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import {
  createVerifier,
  type Finding,
  FINDINGS,
  readAuditKey,
  readHeadLines,
  readInstallationId,
  rootOf,
  streamAudit,
  streamHeads,
} from '#access';
import { type Db, StartProblem } from '#platform';
import { apiOf } from './api.ts';
import { type Command, Failure, json, textOf } from './command.ts';
import { withDatabase } from './database.ts';

/** More are counted, not listed. */
const LISTED = 100;

export const auditKey: Command = {
  name: 'audit key',
  usage: '',
  zh: '显示给审计链头签名的公钥与指纹；请记在别处',
  en: 'shows the public key that signs heads of the audit, and its fingerprint; keep them somewhere else',
  example: 'weir audit key',
  async run(_, io) {
    io.out(json(await apiOf(io).call('GET', '/v1/audit/key')));
    return 0;
  },
};

export const auditVerify: Command = {
  name: 'audit verify',
  usage: '[--heads FILE] [--key FILE]',
  zh: '核对全部审计记录：改动、删除、重排、截尾、重算都会指出在哪里；有问题时退出码为 1',
  en: 'verifies all audit records and says where one was changed, removed, moved, cut off or computed anew; exit code 1 if so',
  more: `直接读数据库，可在服务器运行时使用。--heads 是 WEIR_AUDIT_HEADS 写出的文件（最好取自别的机器）：没有它，连同数据库里的链头一起被截掉的尾部看不出来。
--key 是 weir audit key 显示的公钥（PEM 文件）；给了它就不需要 root.key，但封印无法核对。
Reads the database itself, also while the server runs. --heads is the file that WEIR_AUDIT_HEADS wrote, best as it is on another machine: without it a tail that
was cut off together with its heads in the database does not show. --key is the public key (PEM) of weir audit key; with it root.key is not needed, but seals cannot be checked.`,
  example: 'weir audit verify --heads heads.ndjson',
  options: { heads: { type: 'string' }, key: { type: 'string' } },
  async run(args, io) {
    const [heads, keyFile] = [textOf(args, 'heads'), textOf(args, 'key')];
    if (heads !== undefined && !existsSync(heads)) throw new Failure(`没有文件 ${heads}`, `There is no file ${heads}`);
    return withDatabase(io, async (db, { home }) => {
      const { key, seal } = await keysFor(db, home, keyFile);
      const findings: Finding[] = [];
      const verifier = createVerifier({
        key,
        seal,
        installation: await readInstallationId(db),
        withDatabase: true,
        found: (finding) => void (findings.length < LISTED && findings.push(finding)),
      });
      if (heads !== undefined) for await (const line of readHeadLines(heads)) verifier.head(line, 'file');
      for await (const { line } of streamHeads(db)) verifier.head(line, 'database');
      for await (const row of streamAudit(db)) verifier.row(row);
      const verified = verifier.end();
      for (const finding of findings) io.say(sentenceOf(finding));
      io.out(json({ ...verified, whole: verified.findings === 0, headsFile: heads ?? null, sealsChecked: seal !== null }));
      return verified.findings === 0 ? 0 : 1;
    });
  },
};

export const auditExport: Command = {
  name: 'audit export',
  usage: '',
  zh: '以 NDJSON 输出全部审计记录（含哈希链），逐链排列',
  en: 'writes all audit records with their hashes as NDJSON, chain by chain',
  example: 'weir audit export > audit.ndjson',
  run: (_, io) =>
    withDatabase(io, async (db) => {
      for await (const { chain, seal, detail, at, ...row } of streamAudit(db)) {
        const line = { ...row, at: new Date(at).toISOString(), detail, chain: chain.toString('hex'), seal: seal?.toString('hex') ?? null };
        io.out(`${JSON.stringify(line)}\n`);
      }
      return 0;
    }),
};

async function keysFor(db: Db, home: string, keyFile: string | undefined) {
  if (keyFile !== undefined) return { key: publicKeyIn(keyFile), seal: null };
  const found = await readAuditKey(db, root(home));
  if (found === null)
    throw new Failure('这个数据库还没有审计密钥：请先启动一次服务器', 'This database has no audit key yet: start the server once');
  return { key: found.verify, seal: found.seal };
}

function publicKeyIn(file: string): KeyObject {
  try {
    return createPublicKey(readFileSync(file));
  } catch {
    throw new Failure(`${file} 不是公钥（PEM）`, `${file} is no public key (PEM)`);
  }
}

function root(home: string): ReturnType<typeof rootOf> {
  try {
    return rootOf(home);
  } catch (error) {
    if (error instanceof StartProblem) throw new Failure(error.zh, error.en);
    throw error;
  }
}

function sentenceOf({ code, chain, number, at, source }: Finding): string {
  const { zh, en } = FINDINGS[code];
  const where = [...(chain === null ? [] : [chain]), `#${number}`, ...(at === null ? [] : [at]), ...(source ? [source] : [])].join(' ');
  return `✗ ${where}  ${zh} / ${en} (${code})\n`;
}
