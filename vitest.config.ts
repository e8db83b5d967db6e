import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const DATABASE = ['tests/support/global-setup.ts'];
const STORE_TESTS = 'apps/server/src/**/*.store.test.ts';
/** Tests of the server wait for the database, for timers and for each other's processes most of the time: a core has room for more than one file. */
const FILES_AT_ONCE = Math.max(2, availableParallelism());
/** What hangs ends; nothing else does, however slow or busy the machine: how quick Weir is, is for the benches to say. */
const HANGS_MS = 600_000;

/**
 * unit: no database, no network; the house's own rules too. rooms: the server's rooms on the embedded PostgreSQL. store15: the `*.store.test.ts` among them once
 * more on PostgreSQL 15, the oldest server promised. tests: what needs more than one room.
 *
 * Files of the server's rooms share a process and what it has loaded, which is a third of their time: a test puts back what it changes of the process.
 */
export default defineConfig({
  test: {
    maxWorkers: FILES_AT_ONCE,
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          isolate: false, // pure code: nothing of one file is left for the next
          include: [
            'packages/**/*.test.{ts,tsx}',
            'tools/**/*.test.ts',
            'tests/tidy/**/*.test.ts',
            'apps/console/**/*.test.{ts,tsx}',
            'bench/**/*.test.ts',
          ],
        },
      },
      { extends: true, test: { name: 'rooms', include: ['apps/server/src/**/*.test.ts'], globalSetup: DATABASE, isolate: false } },
      { extends: true, test: { name: 'store15', include: [STORE_TESTS], globalSetup: DATABASE, isolate: false } },
      { extends: true, test: { name: 'tests', include: ['tests/**/*.test.ts'], exclude: ['tests/tidy/**'], globalSetup: DATABASE } },
    ],
  },
});
