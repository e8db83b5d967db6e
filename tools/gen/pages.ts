/** The pages that are made from code. Pure: what `npm run gen` writes is what `tests/tidy/generated.test.ts` compares with. */
import { ERRORS, type ErrorEntry, GLOSSARY, type GlossaryEntry, PROBLEMS, type ProblemEntry } from '@weir/contract';
import { describeSettings, PLATFORM_SETTINGS } from '../../apps/server/src/platform/index.ts';
import { receiverVectors } from './receiver-vectors.ts';
import { table } from './table.ts';

const made = (source: string): string => `<!-- 由 npm run gen 生成，请改 ${source} / made by npm run gen from ${source}: edit that -->`;

/** Path from the root → whole text. */
export function generatedPages(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/glossary.md', glossaryPage()],
    ['docs/errors.md', errorsPage()],
    ['docs/problems.md', problemsPage()],
    ['packages/receiver/vectors.json', receiverVectors()],
  ]);
}

function glossaryPage(): string {
  const groups = Object.values(GLOSSARY).map(
    ({ zh, en, entries }) => `## ${zh} ${en}\n\n${table(['id', '中文', 'English', '意思', 'Meaning'], entries.map(glossaryRow))}\n`,
  );
  return `${made('packages/contract/src/glossary/')}
# 词汇表 Glossary

一个意思只用一个词，在表、代码、接口、事件和界面上都一样。标 ※ 的词已经定下，功能还没有。
One word per idea, the same in table, code, API, event and screen. Words marked ※ are settled, what they name is not built yet.

${groups.join('\n')}`;
}

const glossaryRow = (entry: GlossaryEntry): string[] => [
  `\`${entry.id}\`${entry.later ? ' ※' : ''}`,
  entry.zh,
  entry.en,
  entry.meaningZh,
  entry.meaningEn,
];

function errorsPage(): string {
  const rows = Object.entries<ErrorEntry>(ERRORS).map(([code, { status, retry, zh, en }]) => [
    `\`${code}\``,
    String(status),
    retry ? '是 yes' : '否 no',
    zh,
    en,
  ]);
  return `${made('packages/contract/src/errors.ts')}
# 错误码 Error codes

每个拒绝都是一份 RFC 9457 文档（\`application/problem+json\`）：\`code\` 给程序，\`detailZh\` 与 \`detail\` 给人，\`retry\` 说明原样重试是否可能成功。
带 \`Retry-After\` 的 429 和 503 请照办；503 之后用同样的内容和同样的 \`Idempotency-Key\` 重试是无害的。
Every "no" is an RFC 9457 document: \`code\` for programs, \`detail\` and \`detailZh\` for people, \`retry\` says whether the very same request may
succeed later. Obey \`Retry-After\`; after a 503 the same content under the same \`Idempotency-Key\` does no harm.

${table(['code', 'HTTP', '可重试 retry', '中文', 'English'], rows)}
`;
}

function problemsPage(): string {
  const rows = Object.entries<ProblemEntry>(PROBLEMS).map(([code, { severity, acceptable, zh, en }]) => [
    `\`${code}\``,
    severity === 'blocking' ? '挂起 blocking' : '提醒 warning',
    acceptable ? '是 yes' : '否 no',
    zh,
    en,
  ]);
  return `${made('packages/contract/src/problems.ts')}
# 订单内容的问题 Problems of an order's content

「挂起」的问题让订单进入待人工复核，消息一点也不会被采用；「提醒」写在订单上，不阻止任何事。
「可放行」的问题，人可以按原样接受；其余只能修正或驳回，因为有值读不懂。
A blocking problem holds the order and nothing of the message is applied; a warning is written on the order and stops nothing. Where the message
is acceptable a person may release it as it is; else it can only be fixed or rejected, because some value cannot be read.

${table(['code', '严重性 severity', '可放行 acceptable', '中文', 'English'], rows)}
`;
}

const BLOCK = /(<!-- settings -->\n)[^]*?(\n<!-- \/settings -->)/;

/** A README with its table of settings made anew; the rest is written by hand. Throws when the marks are gone. */
export function withSettings(readme: string, language: 'zh' | 'en'): string {
  if (!BLOCK.test(readme)) throw new Error('the README has lost its marks <!-- settings --> … <!-- /settings -->');
  return readme.replace(BLOCK, (_, before: string, after: string) => `${before}\n${settingsTable(language)}\n${after}`);
}

function settingsTable(language: 'zh' | 'en'): string {
  const head = language === 'zh' ? ['变量', '默认', '取值', '说明'] : ['Variable', 'Default', 'Takes', 'What it is'];
  return table(
    head,
    describeSettings(PLATFORM_SETTINGS, {}).map((row) => [
      `\`${row.env}\``,
      row.default === '' ? '–' : `\`${row.default}\``,
      row.expects,
      row[language],
    ]),
  );
}
