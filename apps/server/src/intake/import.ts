/** `POST /v1/orders:import`: one neutral order a line, one report line each, in any order; nothing is buffered whole. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { type Problem, problem } from '@weir/contract';
import { audited } from '#access';
import { type Clock, type Db, steadyClock } from '#platform';
import { type Caller, isDeeperThan, JSON_DEPTH } from '#web';
import { createFlight, type Room } from './flight.ts';
import { linesOf } from './lines.ts';
import { finishImport, saveImportPart, startImport } from './import-store.ts';
import type { Outcome } from './kinds.ts';
import type { Submit } from './submit.ts';
import { identityOf, identityProblems } from './validate.ts';

/** Lines on their way through intake at once. */
const IN_FLIGHT = 2_000;
const LINE_BYTES = 1_000_000;
const PART_LINES = 1_000;
/** While the surroundings fail the stream stands still for so long; then the import ends, to be resumed. */
const PATIENCE_MS = 120_000;
const RETRY_MS = 250;
const RETRY_MOST_MS = 5_000;
/** Bytes of lines under way, of all imports together; parsed they take some eight times as much. */
export const BYTES_IN_FLIGHT = 16_000_000;
/** A stored line is waited for so many times five seconds; after that its report says where to ask. */
const OUTCOME_WAITS = 60;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface ReportLine {
  readonly line: number;
  readonly result: 'created' | 'changed' | 'unchanged' | 'needs_review' | 'refused' | 'later';
  readonly orderKey?: string | undefined;
  readonly version?: number | undefined;
  readonly problems?: readonly unknown[];
  readonly code?: string;
}
/** The surroundings failed for too long, or we are stopping: some lines are not stored, have no result, and are to be sent again. */
export class ImportCut extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`the import was cut off: ${code}`);
    this.code = code;
  }
}
export interface ImportDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly submit: Submit;
  /** Waits for what became of a message; null when that took too long, and it may be waited for again. */
  readonly waitForOutcome: (position: number) => Promise<Outcome | null>;
  readonly mayTouch: (channel: string, shop: string) => Promise<boolean>;
  /** Shared by all imports. */
  readonly room: Room;
}

/**
 * Runs one import to its end. `tell` is given each report line; what it cannot pass on is in the stored report all the same. Throws `ImportCut` when it
 * ended early: every line with a result is done, every other may be sent again.
 */
export async function importOrders(
  deps: ImportDeps,
  id: string,
  caller: Caller,
  body: AsyncIterable<Buffer>,
  tell: (line: ReportLine) => void,
): Promise<Record<string, number>> {
  await startImport(deps.db, id, caller.id, deps.clock.now());
  const report = createReport(deps.db, id);
  const flight = createFlight(IN_FLIGHT, deps.room);
  const read = digestOf(body);
  let complete = false;
  try {
    for await (const { number, bytes } of linesOf(read.body, LINE_BYTES)) {
      if (bytes !== null && bytes.length === 0) continue;
      await flight.board(bytes?.length ?? 0, async () => {
        const line = await importLine(deps, caller, number, bytes);
        tell(line);
        await report.add(line);
      });
    }
    await flight.landed();
    flight.check();
    complete = true;
  } finally {
    await flight.landed();
    await report.flush();
    const now = deps.clock.now();
    await audited(deps.db, now, caller, async (tx) => {
      await finishImport(tx, id, now, complete, report.counts);
      return [null, ['orders.imported', id, { complete, counts: report.counts, ...read.end() }]];
    });
  }
  return report.counts;
}

/** The body as it passes, and in the end what proves which one it was. */
function digestOf(body: AsyncIterable<Buffer>) {
  const hash = createHash('sha256');
  let bytes = 0;
  const passing = async function* (): AsyncGenerator<Buffer> {
    for await (const part of body) {
      hash.update(part);
      bytes += part.length;
      yield part;
    }
  };
  return { body: passing(), end: () => ({ bytes, sha256: hash.digest('hex') }) };
}

async function importLine(deps: ImportDeps, caller: Caller, line: number, bytes: Buffer | null): Promise<ReportLine> {
  if (bytes === null)
    return refusedLine(line, 'request.too_large', [
      problem('field.too_long', '', { reading: `> ${LINE_BYTES} bytes`, expected: `≤ ${LINE_BYTES} bytes` }),
    ]);
  let parsed: unknown;
  try {
    if (!isUtf8(bytes)) throw new SyntaxError('not UTF-8');
    const text = bytes.toString('utf8');
    if (isDeeperThan(text, JSON_DEPTH)) return refusedLine(line, 'request.too_deep', []);
    parsed = JSON.parse(text);
  } catch {
    return refusedLine(line, 'request.not_json', []);
  }
  const identity = identityOf(parsed);
  if (identity === null) return refusedLine(line, 'order.not_an_order', identityProblems(parsed));
  if (!(await deps.mayTouch(identity.channel, identity.shop))) return refusedLine(line, 'request.shop_forbidden', []);
  const subject = { kind: 'order', channel: identity.channel, shop: identity.shop, id: identity.channelOrderId } as const;
  return submitLine(deps, caller, line, { kind: 'order', subject, bytes: Buffer.from(bytes), parsed });
}

/** A fault of the surroundings is waited out: the same line again is harmless. It never becomes the line's result, for the line is not stored. */
async function submitLine(deps: ImportDeps, caller: Caller, line: number, message: Parameters<Submit>[0]): Promise<ReportLine> {
  const until = steadyClock.now() + PATIENCE_MS;
  for (let tried = 1; ; tried++) {
    const submitted = await deps.submit(message, caller);
    if (submitted.kind === 'refused') {
      if (submitted.code === 'server.stopping' || steadyClock.now() >= until) throw new ImportCut(submitted.code);
      await pause(Math.min(RETRY_MS * tried, RETRY_MOST_MS));
      continue;
    }
    const outcome = submitted.kind === 'outcome' ? submitted.outcome : await lateOutcome(deps, submitted.position);
    if (outcome === null) return { line, result: 'later', code: String((submitted as { position: number }).position) };
    const { result, orderKey, version, problems = [] } = outcome;
    const shown = result === 'failed' ? 'needs_review' : result === 'void' ? 'unchanged' : result;
    return { line, result: shown, orderKey, version, ...(problems.length > 0 ? { problems } : {}) };
  }
}
async function lateOutcome(deps: ImportDeps, position: number): Promise<Outcome | null> {
  for (let waited = 0; waited < OUTCOME_WAITS; waited++) {
    const found = await deps.waitForOutcome(position);
    if (found !== null) return found;
  }
  return null;
}

const refusedLine = (line: number, code: string, problems: readonly Problem[]): ReportLine => ({ line, result: 'refused', code, problems });

/** A part that cannot be saved is tried again under its number: a report has no hole. */
async function savePart(db: Db, id: string, part: number, body: Buffer, counts: Readonly<Record<string, number>>): Promise<void> {
  const until = steadyClock.now() + PATIENCE_MS;
  for (let tried = 1; ; tried++) {
    try {
      return await saveImportPart(db, id, part, body, counts);
    } catch (error) {
      if (steadyClock.now() >= until) throw error;
      await pause(Math.min(RETRY_MS * tried, RETRY_MOST_MS));
    }
  }
}

function createReport(db: Db, id: string) {
  const counts: Record<string, number> = {};
  let [lines, part]: [ReportLine[], number] = [[], 0];
  const flush = async (): Promise<void> => {
    if (lines.length === 0) return;
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    lines = [];
    await savePart(db, id, ++part, deflateRawSync(Buffer.from(text), { level: 1 }), { ...counts });
  };
  return {
    counts,
    flush,
    async add(line: ReportLine): Promise<void> {
      counts[line.result] = (counts[line.result] ?? 0) + 1;
      lines.push(line);
      if (lines.length >= PART_LINES) await flush();
    },
  };
}
