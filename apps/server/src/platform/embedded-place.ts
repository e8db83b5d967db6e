/** The embedded database seen from outside its supervisor: how a running one is reached, and how one that comes from a backup is put in its place. */
import { chownSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { accountForDatabase } from './embedded-account.ts';
import { ADMIN, readAccess } from './embedded-cluster.ts';
import { homeProblem } from './home.ts';

/** Login of the superuser of the database that runs in `home`; null when none was ever made there. It may not be running. */
export function adminUrlOf(home: string): string | null {
  const access = existsSync(join(home, 'postgres')) ? readAccess(home) : null;
  return access && `postgres://${ADMIN}:${access.adminPassword}@127.0.0.1:${access.port}/postgres`;
}

/** Makes `<home>/postgres` of the files that `fill` writes. It appears under its name only when complete and durable; its logins are made anew at the next start. */
export async function placeCluster(home: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const account = await accountForDatabase();
  const dir = join(resolve(home), 'postgres');
  const draft = `${dir}.placed`;
  try {
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { mode: 0o700 });
    await fill(draft);
    settle(draft, account.asRoot ? account : null);
    renameSync(draft, dir);
    fsyncPath(home);
  } catch (error) {
    throw homeProblem(home, error) ?? error;
  }
}

/** Every file and folder belongs to the database's user and is on disk. */
function settle(path: string, owner: { readonly uid: number; readonly gid: number } | null): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) settle(inner, owner);
    else settleOne(inner, owner);
  }
  settleOne(path, owner);
}
function settleOne(path: string, owner: { readonly uid: number; readonly gid: number } | null): void {
  if (owner !== null) chownSync(path, owner.uid, owner.gid);
  fsyncPath(path);
}
function fsyncPath(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
