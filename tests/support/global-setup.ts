import type { TestProject } from 'vitest/node';
import { startTestServer, type TestServer } from './test-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgresAdminUrl: string;
  }
}

interface Shared {
  users: number;
  readonly server: Promise<TestServer>;
}

/** Every project loads this file anew, but all run in one process: what they share hangs on the process, not on the module. */
const shared = ((globalThis as { weirTestServers?: Map<string, Shared> }).weirTestServers ??= new Map());

/** Started by the first project that needs it, stopped by the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kind = project.name === 'store15' || process.env['WEIR_TEST_POSTGRES'] === '15' ? 'postgres15' : 'embedded';
  const entry = shared.get(kind) ?? { users: 0, server: startTestServer(kind) };
  shared.set(kind, entry);
  entry.users += 1;
  project.provide('postgresAdminUrl', (await entry.server).adminUrl);
  return async () => {
    entry.users -= 1;
    if (entry.users > 0) return;
    shared.delete(kind);
    await (await entry.server).stop();
  };
}
