/**
 * Looks for tampering: first all heads, then all records, chain by chain. It keeps one entry for each chain that a head names and nothing of
 * the records, so a log of any length is verified in little memory. Pure.
 */
import type { KeyObject } from 'node:crypto';
import { FIRST_PREVIOUS, type Head, hashOfLine, readHead } from './audit-head.ts';
import { type AuditRecord, BEGINNING, chainOf, FORM, type Seal } from './audit-record.ts';

export const FINDINGS = {
  'row.changed': { zh: '记录被改过：与哈希链不符', en: 'the record was changed: it does not fit its chain' },
  'row.missing': { zh: '此前缺少记录', en: 'records before this one are missing' },
  'row.doubled': { zh: '记录重复或次序不对', en: 'the record is doubled or out of order' },
  'row.unsealed': { zh: '封印不对：链是没有密钥的人重新算的', en: 'the seal is wrong: somebody without the key computed the chain anew' },
  'row.unheaded': {
    zh: '没有链头覆盖它，而后来已签过别的链头：有人使这条链不再被签名',
    en: 'no head covers the record, though heads were signed long after it: somebody kept its chain from them',
  },
  'chain.cut': { zh: '链的末尾被截掉', en: 'the end of the chain was cut off' },
  'chain.gone': { zh: '整条链不见了', en: 'the whole chain is gone' },
  'chain.rewritten': { zh: '链与已签名的链头不符：被整段重写过', en: 'the chain differs from its signed head: it was rewritten' },
  'head.changed': { zh: '链头签名不对', en: 'the signature of the head is wrong' },
  'head.missing': { zh: '此前缺少链头', en: 'heads before this one are missing' },
  'head.doubled': { zh: '链头重复或次序不对', en: 'the head is doubled or out of order' },
  'head.foreign': { zh: '链头属于另一个安装', en: 'the head is of another installation' },
  'head.differs': { zh: '数据库里的链头与文件里的不同', en: 'the head in the database differs from that in the file' },
} as const;
export type FindingCode = keyof typeof FINDINGS;
export interface Finding {
  readonly code: FindingCode;
  /** `process day`; null for heads. */
  readonly chain: string | null;
  /** Serial of the record, or number of the head. */
  readonly number: number;
  readonly at: string | null;
  /** Where the head stood. */
  readonly source?: HeadSource;
}
export type HeadSource = 'file' | 'database';
export interface Verified {
  readonly rows: number;
  readonly chains: number;
  readonly heads: number;
  readonly lastHeadAt: string | null;
  /** Records behind the last head of their chain: their seals were checked, a cut of them would not show. */
  readonly rowsSinceHead: number;
  /** Heads of houses that were lost, each replaced by a restore: what only they cover is gone with them. */
  readonly headsLost: number;
  readonly findings: number;
}

/** A record that is so much older than the last head should be covered by one. */
const LATE_MS = 2 * 3_600_000;

interface Checkpoint {
  /** Of the head. */
  readonly head: number;
  readonly serial: number;
  readonly chain: string;
}
export interface Verifier {
  head(line: string, source: HeadSource): void;
  /** Ordered by chain and serial; all heads come before. */
  row(record: AuditRecord): void;
  end(): Verified;
}

export function createVerifier(deps: {
  readonly key: KeyObject;
  /** Null where only the public key is at hand: then seals are not checked. */
  readonly seal: Seal | null;
  readonly installation: string | null;
  /** Whether the database's own heads are told as well. */
  readonly withDatabase: boolean;
  readonly found: (finding: Finding) => void;
}): Verifier {
  let findings = 0;
  const found = (finding: Finding): void => {
    findings++;
    deps.found(finding);
  };
  const heads = createHeads({ ...deps, found });
  const rows = createRows({ seal: deps.seal, heads, found });
  return {
    head: heads.take,
    row: rows.take,
    end() {
      heads.end();
      return { ...rows.end(), ...heads.summary(), findings };
    },
  };
}

function createHeads({
  key,
  installation,
  withDatabase,
  found,
}: {
  readonly key: KeyObject;
  readonly installation: string | null;
  readonly withDatabase: boolean;
  readonly found: (finding: Finding) => void;
}) {
  const checkpoints = new Map<string, Checkpoint[]>();
  const known = new Map<number, string>();
  const last: Record<HeadSource, { number: number; hash: string } | null> = { file: null, database: null };
  /** A line that was cut off in the middle of writing stands again, whole, behind its half. */
  let half: string | null = null;
  let lastAt: string | null = null;
  let newest: { readonly number: number; readonly at: number } | null = null;
  /** Between the two numbers lie heads of a house that a restore replaced. */
  const lost: (readonly [after: number, before: number])[] = [];
  const isLost = (number: number): boolean => lost.some(([after, before]) => number > after && number < before);
  const wasKnown = (hash: string): boolean => known.size === 0 || [...known.values()].includes(hash);
  const say = (code: FindingCode, number: number, source: HeadSource, at: string | null = null): void =>
    found({ code, chain: null, number, at, source });
  const settleHalf = (line: string | null): void => {
    if (half !== null && !(line !== null && line.length > half.length && line.startsWith(half)))
      say('head.changed', (last.file?.number ?? 0) + 1, 'file');
    half = null;
  };
  const follow = (head: Head, line: string, source: HeadSource): void => {
    const before = last[source] ?? { number: 0, hash: FIRST_PREVIOUS };
    if (head.number <= before.number) {
      // Two processes that each thought to be the one that works may both have written it: the very same line takes nothing away.
      if (known.get(head.number) !== hashOfLine(line)) say('head.doubled', head.number, source, head.at);
      return;
    }
    const isNext = head.number === before.number + 1 && head.previous === before.hash;
    // The first of a new timeline goes on from a head that the lost house may have known alone: where the file is told, that one stands in it.
    const isBegun = head.restored !== undefined && (source === 'database' || wasKnown(head.previous));
    if (!isNext && !isBegun) say('head.missing', head.number, source, head.at);
    if (head.restored !== undefined) lost.push([head.restored.after, head.number]);
    if (newest === null || head.number > newest.number) newest = { number: head.number, at: Date.parse(head.at) };
    last[source] = { number: head.number, hash: hashOfLine(line) };
    if (lastAt === null || head.at > lastAt) lastAt = head.at;
  };
  const remember = (head: Head, hash: string, source: HeadSource): void => {
    const other = known.get(head.number);
    if (other !== undefined && other !== hash) say('head.differs', head.number, source, head.at);
    if (other !== undefined) return;
    known.set(head.number, hash);
    for (const [process, day, serial, chain] of head.chains) {
      const list = checkpoints.get(`${process} ${day}`) ?? [];
      checkpoints.set(`${process} ${day}`, list);
      list.push({ head: head.number, serial, chain });
    }
  };
  return {
    checkpoints,
    isLost,
    newestAt: (): number | null => newest?.at ?? null,
    take(line: string, source: HeadSource): void {
      const head = readHead(line, key);
      if (source === 'file') settleHalf(head === null ? null : line);
      if (head === null) {
        if (source === 'file') half = line;
        else say('head.changed', (last.database?.number ?? 0) + 1, source);
        return;
      }
      if (installation !== null && head.installation !== installation) return say('head.foreign', head.number, source, head.at);
      follow(head, line, source);
      remember(head, hashOfLine(line), source);
    },
    end(): void {
      settleHalf(null);
      const { file, database } = last;
      if (withDatabase && file !== null && file.number > (database?.number ?? 0)) say('head.missing', file.number, 'database');
    },
    summary: () => ({ heads: known.size, headsLost: [...known.keys()].filter(isLost).length, lastHeadAt: lastAt }),
  };
}

interface Open {
  readonly chain: string;
  readonly points: readonly Checkpoint[];
  at: number;
  serial: number;
  hash: Buffer;
  lastAt: string;
}
function createRows({
  seal,
  heads: { checkpoints, isLost, newestAt },
  found,
}: {
  readonly seal: Seal | null;
  readonly heads: ReturnType<typeof createHeads>;
  readonly found: (finding: Finding) => void;
}) {
  const seen = new Set<string>();
  const pointsOf = (chain: string): Checkpoint[] => (checkpoints.get(chain) ?? []).filter(({ head }) => !isLost(head));
  let [rows, sinceHead] = [0, 0];
  let open: Open | null = null;
  const close = (): void => {
    if (open !== null && open.at < open.points.length)
      found({ code: 'chain.cut', chain: open.chain, number: open.serial, at: open.lastAt });
    open = null;
  };
  const enter = (chain: string): Open => {
    close();
    seen.add(chain);
    const points = pointsOf(chain).toSorted((a, b) => a.serial - b.serial);
    return { chain, points, at: 0, serial: 0, hash: BEGINNING, lastAt: '' };
  };
  const place = (record: AuditRecord, chain: string, at: string): Open | null => {
    const say = (code: FindingCode): void => found({ code, chain, number: record.serial, at });
    if (open?.chain !== chain) {
      if (seen.has(chain)) return say('row.doubled'), null;
      open = enter(chain);
    }
    if (record.serial <= open.serial) return say('row.doubled'), null;
    if (record.serial !== open.serial + 1) say('row.missing');
    return open;
  };
  const compare = (record: AuditRecord, here: Open, at: string): void => {
    const say = (code: FindingCode): void => found({ code, chain: here.chain, number: record.serial, at });
    const isWhole = record.chain.equals(chainOf(here.hash, record));
    if (!isWhole) say('row.changed');
    while (here.at < here.points.length && (here.points[here.at] as Checkpoint).serial < record.serial) here.at++;
    const isSigned = here.at < here.points.length;
    if (seal !== null && (record.seal === null ? !isSigned || record.form === FORM : !record.seal.equals(seal(record.chain))))
      say('row.unsealed');
    while (here.points[here.at]?.serial === record.serial)
      if (here.points[here.at++]?.chain !== record.chain.toString('hex')) say('chain.rewritten');
    if (isSigned) return;
    sinceHead++;
    if (record.at < (newestAt() ?? Number.NEGATIVE_INFINITY) - LATE_MS) say('row.unheaded');
  };
  return {
    take(record: AuditRecord): void {
      rows++;
      const at = Number.isFinite(record.at) ? new Date(record.at).toISOString() : '?';
      const here = place(record, `${record.process} ${record.day}`, at);
      if (here === null) return;
      compare(record, here, at);
      [here.serial, here.hash, here.lastAt] = [record.serial, record.chain, at];
    },
    end() {
      close();
      for (const chain of checkpoints.keys()) {
        const [first] = seen.has(chain) ? [] : pointsOf(chain);
        if (first !== undefined) found({ code: 'chain.gone', chain, number: first.serial, at: null });
      }
      return { rows, chains: seen.size, rowsSinceHead: sinceHead };
    },
  };
}
