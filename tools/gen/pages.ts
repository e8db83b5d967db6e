/** The pages that are made from code. Pure: what `npm run gen` writes is what `tests/tidy/generated.test.ts` compares with. */
import {
  ERRORS,
  type ErrorEntry,
  GLOSSARY,
  type GlossaryEntry,
  type Permission,
  PERMISSIONS,
  PROBLEMS,
  type ProblemEntry,
  ROLES,
  SHOP_RULES,
} from '@weir/contract';
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
    ['docs/permissions.md', permissionsPage()],
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

const permissionRow = ([address, permission]: readonly [string, Permission]): string[] => [
  `\`${address}\``,
  ...(permission === 'anybody' ? ROLES.map(() => '●') : ROLES.map((role) => (permission.roles.includes(role) ? '●' : ''))),
  permission === 'anybody' ? '●' : '',
  permission === 'anybody' ? '' : `\`${permission.shops}\``,
];

function permissionsPage(): string {
  const words = Object.values(GLOSSARY).flatMap(({ entries }) => entries);
  const named = ROLES.map((role) => words.find(({ id }) => id === role)?.zh ?? role);
  const rules = Object.entries(SHOP_RULES).map(([id, { zh, en }]) => [`\`${id}\``, zh, en]);
  return `${made('packages/contract/src/permissions.ts')}
# 谁可以调用什么 Who may call what

下表就是服务器判断每个请求所用的那一张表：表里没有的接口无法注册，测试以每个角色、以他人店铺的身份、以被吊销的令牌和陌生人的身份逐一调用每个接口（\`tests/permissions\`）。
「店铺」列说明限定了店铺的人能碰到什么；没有限定的人不受它限制（\`written\` 仍要求店铺已接入）。目前没有接口涉及仓库，所以还没有仓库一列。
这张表不管字段：个人信息的遮盖，以及 \`:reveal\` 可以打开哪些字段，另由 \`apps/server/src/access/sealed.ts\` 中的表决定。
The very table by which the server judges each request: a route that it does not name cannot be registered, and a test calls each as every role, for a
foreign shop, with a revoked token and as a stranger (\`tests/permissions\`). The column "shops" says what somebody bound to some shops reaches; whoever is
not bound has them all (\`written\` still wants the shop connected). No route is about a warehouse yet, so there is no column for it. Fields are another matter:
masks, and what \`:reveal\` may open, are tables in \`apps/server/src/access/sealed.ts\`.

${table(['shops', '中文', 'English'], rules)}

${table(['', ...named, '陌生人 stranger', '店铺 shops'], Object.entries(PERMISSIONS).map(permissionRow))}
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
