/** `npm run pack`: makes `packages/receiver/dist`, a package that `npm pack` or `npm publish` takes as it is: plain JavaScript with its types, and nothing of this repository. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OrderState } from '@weir/contract';
import { typeOf } from './gen/type-of.ts';

const ROOT = join(import.meta.dirname, '..');
const PACKAGE = join(ROOT, 'packages/receiver');
const DIST = join(PACKAGE, 'dist');
const TSC = join(ROOT, 'node_modules/.bin/tsc');
/** The state of an order is declared in the contract; outside of this repository its type stands by itself. */
const CONTRACT = "from '@weir/contract'";
const STATE = "from './order-state.js'";

rmSync(DIST, { recursive: true, force: true });
const sources = readdirSync(join(PACKAGE, 'src')).filter((name) => name.endsWith('.ts') && !name.includes('.test'));
const OPTIONS =
  '--ignoreConfig --target es2023 --module nodenext --strict --skipLibCheck --declaration --types node --verbatimModuleSyntax --erasableSyntaxOnly --exactOptionalPropertyTypes --rewriteRelativeImportExtensions';
const files = sources.map((name) => join(PACKAGE, 'src', name));
execFileSync(TSC, [...OPTIONS.split(' '), '--rootDir', join(PACKAGE, 'src'), '--outDir', DIST, ...files], {
  stdio: 'inherit',
  cwd: PACKAGE,
});
for (const name of readdirSync(DIST).filter((each) => each.endsWith('.d.ts'))) {
  const text = readFileSync(join(DIST, name), 'utf8')
    .replaceAll(CONTRACT, STATE)
    .replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'");
  writeFileSync(join(DIST, name), text);
}
writeFileSync(join(DIST, 'order-state.d.ts'), `/** The public state of an order. */\nexport interface OrderState ${typeOf(OrderState)}\n`);
const { name, version, license, peerDependencies, peerDependenciesMeta } = JSON.parse(
  readFileSync(join(PACKAGE, 'package.json'), 'utf8'),
) as Record<string, unknown>;
const entry = (file: string) => ({ types: `./${file}.d.ts`, default: `./${file}.js` });
const manifest = {
  name,
  version,
  description: "Receives Weir's webhooks: verifies, recognises repeats, keeps each order in order, answers the digest",
  license,
  type: 'module',
  engines: { node: '>=22.13' },
  exports: {
    '.': entry('index'),
    './sqlite': entry('sqlite-store'),
    './postgres': entry('postgres-store'),
    './vectors.json': './vectors.json',
  },
  peerDependencies,
  peerDependenciesMeta,
};
writeFileSync(join(DIST, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
for (const file of ['README.md', 'vectors.json']) copyFileSync(join(PACKAGE, file), join(DIST, file));
copyFileSync(join(ROOT, 'LICENSE'), join(DIST, 'LICENSE'));
console.log(`packages/receiver/dist: ${String(name)} ${String(version)}；用 npm pack 打包 / npm pack makes the file`);
