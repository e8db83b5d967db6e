/** The changes that a new channel needs, as text to text. Pure; each one fails when the place that it looks for is not there. */
import type { Wish } from './wish.ts';

const pascal = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1);

/** A file of the worked example under the new name. */
export function renamed(path: string, text: string, wish: Wish): string {
  const copy = text
    .replaceAll('Example Market', wish.en)
    .replaceAll('样例商城', wish.zh)
    .replaceAll('createExample', `create${pascal(wish.id)}`)
    .replaceAll('example', wish.id);
  if (path.endsWith('src/example/README.md')) return withNote(copy, wish);
  if (path.endsWith('connectors/src/example/tables.ts')) return replaceOnce(path, copy, SOURCE, NO_SOURCE);
  return path.endsWith('src/example/index.ts') ? `${firstOf(wish)}${copy.slice(copy.indexOf('\n') + 1)}` : copy;
}

/** Says of what the copied tables are not: of the new platform. */
const SOURCE = /Source of every table:[^]*?\n \* not exist has no other\. /;
const NO_SOURCE = `Source: NONE YET. These are the tables of
 * the worked example (docs/connectors.md); replace each by the platform's own, with the page that it was read from and the day.
 * `;

const firstOf = ({ en, zh, id }: Wish): string => `/**
 * ${en} (${zh}), begun from the worked example by \`npm run new:connector\`: so far it speaks the example's protocol and nothing of ${en}'s.
 * Replace first, and keep \`npm test -- packages/sandbox/src/${id}\` green at each step: the tables (\`tables.ts\`, each with its source), the signature
 * (\`client.ts\` here, \`sign.ts\` in the sandbox), one order (\`normalise.ts\`, \`payloads.ts\`), then lists, pushes and shipping. How: docs/connectors.md.
 */
`;

const withNote = (text: string, { id, en, zh }: Wish): string =>
  `# ${id}: ${en} (${zh})

**Begun from the worked example; nothing here is true of ${en} yet.** Replace table by table ([how](../../../../docs/connectors.md)), and write its sources below.
${text.slice(text.indexOf('\n| file'))}`;

function replaceOnce(where: string, text: string, find: RegExp | string, put: string): string {
  const found = typeof find === 'string' ? text.includes(find) : find.test(text);
  if (!found) throw new Error(`${where}: the place to change was not found (${String(find)})`);
  return text.replace(find, () => put);
}

/** `path` → the text after the change. */
export const EDITS: Readonly<Record<string, (text: string, wish: Wish) => string>> = {
  'packages/connectors/package.json': exported,
  'packages/sandbox/package.json': exported,
  'packages/contract/src/channels.ts': (text, { id, prefix, zh, en, isListed }) =>
    isListed ? text : replaceOnce('channels.ts', text, '  own: {', `  ${id}: { prefix: '${prefix}', zh: '${zh}', en: '${en}' },\n  own: {`),
  'apps/server/src/main.ts': (text, { id }) => {
    const from = "import { doudianAdapter } from '@weir/connectors/doudian';\n";
    const imported = replaceOnce('main.ts', text, from, `${from}import { ${id}Adapter } from '@weir/connectors/${id}';\n`);
    const list = /(const ADAPTERS: readonly Adapter\[\] = \[[^\]]*?),?\s*\]/.exec(imported);
    return replaceOnce('main.ts', imported, list?.[0] ?? 'ADAPTERS: readonly Adapter[] = […]', `${list?.[1]}, ${id}Adapter]`);
  },
  'packages/sandbox/src/stand/platforms.ts': (text, { id, zh, en }) => {
    const create = `create${pascal(id)}`;
    const from = "import { createDouyin } from '../doudian/server.ts';\n";
    const imported = replaceOnce('platforms.ts', text, from, `${from}import { ${create} } from '../${id}/index.ts';\n`);
    const entry = `  {
    channel: '${id}',
    zh: '${zh}',
    en: '${en}',
    shop: '6001',
    carriers: ['shunfeng', 'zhongtong'],
    app: (seed) => ({ key: 'app-6001', secret: secretOf('${id}', seed) }),
    open: ${create},
  },
];
export const platformOf`;
    return replaceOnce('platforms.ts', imported, '];\nexport const platformOf', entry);
  },
  'packages/connectors/README.md': (text, { id, zh, en }) => {
    const rows = [...text.matchAll(/^\| `@weir\/connectors\/.*\n/gm)];
    const last = rows.at(-1)?.[0] ?? '| `@weir/connectors/…';
    return replaceOnce(
      'README.md',
      text,
      last,
      `${last}| \`@weir/connectors/${id}\` | ${en} ${zh}: begun, see its page | [${id}](src/${id}/README.md) |\n`,
    );
  },
};

/** In a line of its own where the others have one. */
function exported(text: string, { id }: Wish): string {
  const known = /(\s*)"\.\/example": "[^"]+"/.exec(text);
  return replaceOnce('package.json', text, known?.[0] ?? '"./example"', `${known?.[0]},${known?.[1]}"./${id}": "./src/${id}/index.ts"`);
}
