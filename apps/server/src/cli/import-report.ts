/** What a person sees of an import: counts while it runs, a summary at its end, and a file with the lines that need somebody. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import type { Result, ResultLine } from './import-stream.ts';

const NEEDS_SOMEBODY: ReadonlySet<string> = new Set(['refused', 'needs_review', 'later']);
const WORDS: Readonly<Record<string, string>> = {
  created: '新建 created',
  changed: '有变化 changed',
  unchanged: '无变化 unchanged',
  needs_review: '待人工复核 held for a person',
  refused: '被拒绝 refused',
  later: '已保存，结果待查 stored, result not known yet',
};

export interface Report {
  add(line: ResultLine): void;
  progress(): string;
  summary(result: Result): string;
  close(): Promise<void>;
}

export function createReport(file: string, { append }: { readonly append: boolean }, now: () => number = () => performance.now()): Report {
  const counts = new Map<string, number>();
  const started = now();
  let total = 0;
  let stream: WriteStream | undefined;
  const perSecond = (): number => Math.round(total / Math.max((now() - started) / 1_000, 0.001));
  const told = (): string => [...counts].map(([result, n]) => `${WORDS[result] ?? result} ${n}`).join('   ');
  return {
    add(line) {
      total++;
      counts.set(line.result, (counts.get(line.result) ?? 0) + 1);
      if (!NEEDS_SOMEBODY.has(line.result)) return;
      stream ??= createWriteStream(file, { flags: append ? 'a' : 'w' });
      stream.write(`${JSON.stringify(line)}\n`);
    },
    progress: () => `${total} 行 lines   ${perSecond()}/s   ${told()}`,
    summary(result) {
      const where = stream === undefined ? [] : [`需要处理的行写在 lines that need somebody are in: ${file}`];
      return [...endOf(result), `${total} 行 lines   ${perSecond()}/s`, told(), ...where, '']
        .filter((text, at, all) => text !== '' || at === all.length - 1)
        .join('\n');
    },
    async close() {
      if (stream === undefined) return;
      stream.end();
      await once(stream, 'close');
    },
  };
}

function endOf(result: Result): string[] {
  if (result.kind === 'done') {
    const { untold } = result.end;
    const rest =
      untold > 0 ? [`另有 ${untold} 行的结果在服务器上 results of ${untold} more lines: GET /v1/imports/${result.id}/report`] : [];
    return [`导入完成 done (${result.id})`, ...rest];
  }
  const id = result.id === null ? [] : [`服务器已收下的逐行结果 what the server has: GET /v1/imports/${result.id}/report`];
  return [
    `连接中断：${result.why}。已有结果的行都已保存；重新导入无害，或用 --resume 继续。`,
    `The connection was lost: ${result.why}. Lines with a result are stored; importing again does no harm, or go on with --resume.`,
    ...id,
  ];
}
