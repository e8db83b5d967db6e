/** What a person can mend about backups, restores and exports: one sentence in Chinese and one in English. */
import { StartProblem } from '#platform';

const PROBLEMS = {
  'backup.none': {
    zh: '{folder} 里没有备份（缺少 manifest.json）：请给出一个备份目录，weir backup list 会列出它们',
    en: 'There is no backup in {folder} (no manifest.json): name the folder of one; weir backup list shows them',
  },
  'backup.damaged': {
    zh: '备份 {folder} 已损坏：{what} 与清单不符。请换另一份备份',
    en: 'The backup in {folder} is damaged: {what} does not agree with its manifest. Use another one',
  },
  'backup.external': {
    zh: '数据库由 WEIR_DATABASE_URL 指定，不归 Weir 管：请用该数据库自己的备份工具，或用 weir export 导出',
    en: 'The database of WEIR_DATABASE_URL is not in the hands of Weir: use the tools of that database, or weir export',
  },
  'backup.busy': { zh: '{folder} 里正有另一个备份在进行（进程 {pid}）', en: 'Another backup into {folder} is under way (process {pid})' },
  'backup.nothing': {
    zh: '数据目录 {folder} 里没有数据库，没有可备份的内容',
    en: 'The data directory {folder} holds no database: there is nothing to back up',
  },
  'restore.not_empty': {
    zh: '数据目录 {folder} 不是空的（有 {what}）：只能恢复到空目录（可以只含 root.key）。请用 WEIR_HOME 指定另一个目录',
    en: 'The data directory {folder} is not empty (it holds {what}): a restore goes into an empty one, which may hold root.key. Choose another with WEIR_HOME',
  },
  'restore.no_root_key': {
    zh: '恢复需要原来的根密钥：请把 root.key 放进 {folder}，或用 --root-key 指定文件',
    en: 'A restore needs the original root key: put root.key into {folder}, or name the file with --root-key',
  },
  'restore.wrong_root_key': {
    zh: '这个 root.key 不属于备份所在的安装，放错了密钥',
    en: 'This root.key belongs to another installation than the backup',
  },
  'restore.no_erasures': { zh: '没有删除清单文件 {file}', en: 'There is no list of erasures at {file}' },
  'restore.clock': {
    zh: '系统时钟现在是 {now}，早于备份里的最新内容：请先校准时钟，否则可能重复使用已发出的编号',
    en: 'The clock says {now}, which is before the newest thing in the backup: set it right first, or numbers that were handed out could be used again',
  },
  'export.none': { zh: '{folder} 里没有导出（缺少 manifest.json）', en: 'There is no export in {folder} (no manifest.json)' },
  'export.damaged': {
    zh: '导出 {folder} 已损坏：{what} 与清单不符',
    en: 'The export in {folder} is damaged: {what} does not agree with its manifest',
  },
  'export.not_empty': {
    zh: '目标数据库不是空的：只能装入从未用过的数据库',
    en: 'The database is not empty: an export goes into one that was never used',
  },
  'export.other_schema': {
    zh: '导出的数据库结构是第 {found} 版，本程序是第 {ours} 版：请用导出时的 Weir 版本装入，再升级',
    en: 'The export has schema {found}, this program {ours}: load it with the Weir that made it, then upgrade',
  },
  'database.half_loaded': {
    zh: '数据库里的导出 {from} 只装入了一半（新的时间线还没有开始）：请用同一个导出目录再执行一次 weir export load',
    en: 'The export {from} was loaded into this database, but its new timeline has not begun: run weir export load with the same folder once more',
  },
  'home.half_restored': {
    zh: '数据目录 {folder} 只恢复了一半（来自 {from}）：请清空该目录（保留 root.key），再执行 weir restore',
    en: 'The data directory {folder} is only half restored (from {from}): empty it, root.key may stay, and run weir restore again',
  },
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

const fill = (sentence: string, params: Readonly<Record<string, string | number>>): string =>
  sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));

export function problemOf(code: ProblemCode, params: Readonly<Record<string, string | number>> = {}, cause?: unknown): StartProblem {
  const { zh, en } = PROBLEMS[code];
  return new StartProblem(code, { zh: fill(zh, params), en: fill(en, params) }, cause);
}
