#!/usr/bin/env node
// The `weir` command (npx weir …): finds a Node that can run TypeScript, then hands over to the server's command line.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onGoodNode, ROOT } from './bootstrap/node.mjs';
import { giveUp } from './bootstrap/say.mjs';

if (!existsSync(join(ROOT, 'node_modules')))
  giveUp('尚未安装依赖：请先运行 npm ci', 'The dependencies are not installed: run npm ci first');
await onGoodNode(fileURLToPath(import.meta.url));

const cli = join(ROOT, 'apps', 'server', 'src', 'cli.ts');
if (!existsSync(cli))
  giveUp(
    '缺少文件 apps/server/src/cli.ts：请检查代码是否完整',
    'The file apps/server/src/cli.ts is missing: check that the clone is complete',
  );
await import(pathToFileURL(cli).href);
