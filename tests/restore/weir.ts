/** `weir …` as a process of its own, as an operator runs it; it may be told to kill itself at a named point. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const CHILD = join(import.meta.dirname, 'child.ts');

export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  // oxlint-disable-next-line no-explicit-any -- tests look into it
  readonly answer: any;
  /** What was said to people. */
  readonly said: string;
}

export async function weir(home: string, words: readonly string[], killAt = ''): Promise<Ran> {
  const child = spawn(process.execPath, [CHILD, killAt, ...words], {
    env: { PATH: process.env['PATH'], WEIR_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  const [out, said, how] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { ...how, answer: out.startsWith('{') || out.startsWith('[') ? JSON.parse(out) : out, said };
}
