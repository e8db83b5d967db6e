/** What both converters share: arguments, output with back-pressure, progress and the summary. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import type { NeutralMessage } from '@weir/contract';

/** Something of the source that became no message, with the reason; one line of the side report. */
export interface Listed {
  readonly reason: string;
  readonly [detail: string]: unknown;
}
export interface Notes {
  /** Adds to the summary. */
  count(outcome: string, by?: number): void;
  list(entry: Listed): void;
}
export type Converter = (dir: string, notes: Notes) => AsyncIterable<NeutralMessage>;

export interface Tool {
  readonly name: string;
  readonly help: string;
  /** Every outcome that the summary names, so that a zero is shown as a zero. */
  readonly outcomes: Readonly<Record<string, string>>;
  readonly convert: Converter;
}

const PROGRESS_EVERY_MESSAGES = 2_000;

export function createNotes(onList: (entry: Listed) => void = () => undefined): Notes & { readonly counts: ReadonlyMap<string, number> } {
  const counts = new Map<string, number>();
  return { counts, count: (outcome, by = 1) => void counts.set(outcome, (counts.get(outcome) ?? 0) + by), list: onList };
}

async function write(to: Writable, value: unknown): Promise<void> {
  if (!to.write(`${JSON.stringify(value)}\n`)) await once(to, 'drain');
}

async function close(stream: Writable): Promise<void> {
  stream.end();
  await once(stream, 'close');
}

/** Runs the converter for the command line. Exit codes: 0 done, 1 the data could not be read, 2 wrong arguments. */
export async function run(tool: Tool, args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === null || options.help) {
    (options ? process.stdout : process.stderr).write(tool.help);
    return options ? 0 : 2;
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1)); // `| head` closed the pipe: nobody reads on
  try {
    return await convertTo(tool, options);
  } catch (error) {
    process.stderr.write(`${tool.name}: ${(error as Error).message}\n`);
    return 1;
  }
}

interface Options {
  readonly dir: string;
  readonly out: string | undefined;
  readonly listed: string | undefined;
  readonly help: boolean;
}

function readOptions(args: readonly string[]): Options | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { out: { type: 'string' }, listed: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    });
    if (positionals.length !== 1 && !values.help) return null;
    return { dir: positionals[0] ?? '', out: values.out, listed: values.listed, help: values.help };
  } catch {
    return null;
  }
}

async function convertTo(tool: Tool, options: Options): Promise<number> {
  const listedPath = options.listed ?? `${tool.name}.listed.ndjson`;
  const out = options.out === undefined ? process.stdout : createWriteStream(options.out);
  const listed = createWriteStream(listedPath);
  const waiting: Listed[] = [];
  const notes = createNotes((entry) => void waiting.push(entry));
  let messages = 0;
  const flushListed = async () => {
    for (const entry of waiting.splice(0)) await write(listed, entry);
  };
  for await (const message of tool.convert(options.dir, notes)) {
    await write(out, message);
    await flushListed();
    if (++messages % PROGRESS_EVERY_MESSAGES === 0) process.stderr.write(`${tool.name}: ${messages} ${message.placedAt ?? ''}\n`);
  }
  await flushListed();
  await close(listed);
  if (out !== process.stdout) await close(out);
  process.stderr.write(summary(tool, notes.counts, messages, listedPath));
  return 0;
}

export function summary(tool: Tool, counts: ReadonlyMap<string, number>, messages: number, listedPath: string): string {
  const width = Math.max(...Object.keys(tool.outcomes).map((name) => name.length));
  const rows = Object.entries(tool.outcomes).map(
    ([name, meaning]) => `  ${name.padEnd(width)} ${String(counts.get(name) ?? 0).padStart(8)}  ${meaning}`,
  );
  return [`${tool.name}: ${messages} messages / 条消息`, ...rows, `  listed in / 未转换的列在: ${listedPath}`, ''].join('\n');
}
