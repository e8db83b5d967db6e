import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readHouse, type Complaint, type House } from './house.ts';
import * as rules from './rules.ts';

const house = readHouse(join(import.meta.dirname, '..', '..'));

/** Each rule with files that break it: a rule that never complains proves nothing. */
const RULES: readonly (readonly [promise: string, rule: (house: House) => Complaint[], broken: Readonly<Record<string, string>>])[] = [
  [
    'rooms are entered by their door, packages by their name',
    rules.doorsAreUsed,
    {
      'apps/server/src/orders/a.ts': "import { x } from '../intake/segment.ts';",
      'apps/server/src/orders/b.ts': "import type { x } from '#platform/db';",
      'apps/server/src/main.ts': "export { x } from './orders/fold.ts';",
      'tests/a.test.ts': "const x = await import('../apps/server/src/orders/fold.ts');",
      'bench/src/a.ts': "import {\n  y,\n} from '../../packages/core/src/index.ts';",
    },
  ],
  [
    'platform knows no business word, broadcast no order',
    rules.roomsKnowTheirPlace,
    { 'apps/server/src/platform/a.ts': "import '@weir/contract';", 'apps/server/src/broadcast/a.ts': "import { x } from '#orders';" },
  ],
  [
    'core has no clock, dice, network, timer or process',
    rules.coreIsPure,
    {
      'packages/core/src/a.ts': 'const a = Date.now();',
      'packages/core/src/b.ts': 'const b = new Date();',
      'packages/core/src/c.ts': 'setTimeout(f, 1);',
      'packages/core/src/d.ts': "import { connect } from 'node:net';",
      'packages/core/src/e.ts': 'const e = Math.random();',
      'packages/core/src/f.ts': 'process.exit();',
    },
  ],
  [
    'SQL lives in store.ts',
    rules.sqlLivesInStores,
    {
      'apps/server/src/orders/a.ts': 'db.query(`\n  select id\n  from orders`)',
      'apps/server/src/orders/b.ts': "db.query('delete from orders')",
      'apps/server/src/main.ts': "db.query('update orders set a = 1')",
      'apps/server/src/orders/c.ts': "const step = { text: 'copy orders (id) from stdin', copy: rows }",
      'apps/server/src/orders/d.ts': "db.query('with x as (select 1) select * from x')",
    },
  ],
  [
    'every room has a README of at most forty lines',
    rules.roomsHaveReadmes,
    { 'apps/server/src/orders/index.ts': '', 'apps/server/src/intake/README.md': 'line\n'.repeat(41) },
  ],
  [
    'every migration opens with its note',
    rules.migrationsHaveNotes,
    {
      'database/migrations/0001-a.sql': 'create table a (id int);',
      'database/migrations/0002-b.sql': '-- why: b\n-- locks: none\n-- undo: drop\n-- duration: 0',
    },
  ],
  ['every relative link in a page is alive', rules.linksAreAlive, { 'docs/a.md': '[there](gone.md)', 'README.md': '[x](docs/b.md#part)' }],
  [
    'nothing names a machine, a registry or a download address',
    rules.nothingNamesAMachine,
    {
      'tools/a.mjs': `const a = '${['', 'home', 'anna', 'weir'].join('/')}';`,
      'docs/b.md': `see ${['', 'root', 'x'].join('/')}`,
      'package-lock.json': '"resolved": "https://example.org/a.tgz"',
      '.npmrc': 'registry=https://example.org',
    },
  ],
  [
    'no file is longer than 400 lines',
    rules.filesAreShort,
    { 'packages/core/src/a.ts': 'x;\n'.repeat(401), 'tools/b.mjs': '\n'.repeat(402) },
  ],
];

describe('the house is tidy', () => {
  test.each(RULES)('%s', (_promise, rule) => {
    expect(rule(house)).toEqual([]);
  });
});

describe('the rule notices', () => {
  test.each(RULES)('when not: %s', (_promise, rule, broken) => {
    const complaints = rule(new Map(Object.entries(broken)));
    expect(complaints.map((complaint) => complaint.split(':')[0]).toSorted()).toEqual(
      Object.keys(broken)
        .map((path) => (path.endsWith('orders/index.ts') ? 'apps/server/src/orders/README.md' : path))
        .toSorted(),
    );
  });

  test('nothing in a house that is as it should be', () => {
    const good = new Map([
      ['apps/server/src/orders/README.md', 'x'],
      [
        'apps/server/src/orders/index.ts',
        "import { openDb } from '#platform';\nexport { y } from './fold.ts';\nconst hint = 'select a shop';",
      ],
      ['apps/server/src/orders/store.ts', 'db.query(`select id from orders`)'],
      ['apps/server/src/main.ts', "import { y } from './orders/index.ts';"],
      [
        'packages/core/src/a.ts',
        "// Date.now() comes from outside\nexport const at = (now: Date) => new Date(now.getTime()); const word = 'process';",
      ],
      [
        'docs/a.md',
        '[order](../apps/server/src/orders/README.md#top) [web](https://example.org) [folder](../packages/core) `[x](gone.md)`',
      ],
    ]);
    expect(RULES.flatMap(([, rule]) => rule(good))).toEqual([]);
  });
});
