/** `weir import`: a file of neutral orders into the running server, line by line, as one stream. */
import { accessSync, constants, createReadStream, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { apiOf } from './api.ts';
import { type Args, type Command, Failure, type Io, textOf } from './command.ts';
import { importStream, type Result } from './import-stream.ts';
import { createReport, type Report } from './import-report.ts';
import { linesToSkip, skipLines } from './import-resume.ts';

const PROGRESS_MS = 1_000;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** What is left beside the file while an import runs, so that `--resume` can go on where it was lost. */
interface Left {
  readonly import: string;
  readonly size: number;
  readonly changedAt: number;
  /** Lines of the file before the first one of that import. */
  readonly before: number;
}

export const importCommand: Command = {
  name: 'import',
  usage: '<file.ndjson[.gz] | -> [--resume] [--report FILE]',
  zh: '导入订单：每行一个中立订单（JSON）',
  en: 'imports orders: one neutral order (JSON) a line',
  more: `- 表示标准输入。被拒绝和待人工复核的行写入 <file>.report.ndjson（或 --report）。再次导入无害：相同的内容不会产生变化。
中途断线后用 --resume 只发还没有结果的行。退出码：0 全部收下，1 有行被拒绝或中途断线，2 参数不对。
"-" reads standard input. Lines that were refused or wait for a person go to <file>.report.ndjson (or --report). Importing again does no harm: the same
content changes nothing. After a lost connection --resume sends only what has no result yet. Exit code: 0 all taken, 1 some refused or the connection
was lost, 2 wrong arguments.`,
  example: 'npx node tools/convert/online-retail.ts data | weir import -\n  weir import orders.ndjson.gz --resume',
  options: { resume: { type: 'boolean' }, report: { type: 'string' } },
  takes: 1,
  run: importFile,
};

async function importFile(args: Args, io: Io): Promise<number> {
  const [file = ''] = args.positionals;
  const isStdin = file === '-';
  const resume = args.values['resume'] === true;
  if (isStdin && resume) throw new Failure('标准输入不能续传；请给出文件名', 'Standard input cannot be resumed; name a file');
  if (!isStdin && !existsSync(file)) throw new Failure(`找不到文件 ${file}`, `There is no file ${file}`);
  const reportFile = textOf(args, 'report') ?? (isStdin ? 'stdin.report.ndjson' : `${file}.report.ndjson`);
  needWritable(reportFile);
  const api = apiOf(io);
  const leftFile = isStdin || !isWritable(file) ? null : `${file}.import.json`;
  const before = resume ? await linesToSkip(api, leftAt(leftFile, file)) : 0;
  if (before > 0) io.say(`从第 ${before + 1} 行继续 going on at line ${before + 1}\n`);
  const report = createReport(reportFile, { append: resume });
  const source = skipLines(plain(isStdin ? io.stdin : createReadStream(file)), before);
  const onId = (id: string): void => {
    if (leftFile !== null) writeFileSync(leftFile, JSON.stringify({ import: id, before, ...markOf(file) } satisfies Left));
  };
  const result = await withProgress(io, report, () => importStream(api, source, { before, onLine: report.add, onId }));
  if (result.kind === 'done' && leftFile !== null) rmSync(leftFile, { force: true });
  io.say(report.summary(result));
  return result.kind === 'done' && (result.end.counts['refused'] ?? 0) === 0 ? 0 : 1;
}

async function withProgress(io: Io, report: Report, run: () => Promise<Result>): Promise<Result> {
  const progress = setInterval(() => io.say(`${report.progress()}\n`), PROGRESS_MS);
  try {
    return await run();
  } finally {
    clearInterval(progress);
    await report.close();
  }
}

/** Whether a file may be made beside this one; without that there is nothing to resume from. */
function isWritable(file: string): boolean {
  try {
    accessSync(dirname(file), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
function needWritable(reportFile: string): void {
  if (!isWritable(reportFile))
    throw new Failure(
      `不能写入 ${reportFile}；请用 --report 指定另一个文件`,
      `Cannot write ${reportFile}; name another file with --report`,
    );
}

const markOf = (file: string): Pick<Left, 'size' | 'changedAt'> => {
  const { size, mtimeMs } = statSync(file);
  return { size, changedAt: Math.floor(mtimeMs) };
};

function leftAt(leftFile: string | null, file: string): Left {
  if (leftFile === null || !existsSync(leftFile))
    throw new Failure(
      `没有可以继续的导入（缺少 ${file}.import.json）；去掉 --resume 重新导入即可，重复无害`,
      `Nothing to resume (${file}.import.json is missing); import without --resume, repeats are harmless`,
    );
  const left = JSON.parse(readFileSync(leftFile, 'utf8')) as Left;
  const now = markOf(file);
  if (left.size !== now.size || left.changedAt !== now.changedAt)
    throw new Failure(
      `${file} 在上次导入之后被改动过；请去掉 --resume 重新导入，重复无害`,
      `${file} has changed since; import it without --resume, repeats are harmless`,
    );
  return left;
}

/** Unpacked when it begins like a gzip file, whatever its name says. */
function plain(source: Readable): Readable {
  const out = new PassThrough();
  source.once('error', (error) => out.destroy(error));
  source.once('readable', () => {
    const first = (source.read() as Buffer | null) ?? Buffer.alloc(0);
    source.unshift(first);
    const isPacked = first.subarray(0, 2).equals(GZIP_MAGIC);
    const unpacked = isPacked ? source.pipe(createGunzip()).once('error', (error) => out.destroy(error)) : source;
    unpacked.pipe(out);
  });
  return out;
}
