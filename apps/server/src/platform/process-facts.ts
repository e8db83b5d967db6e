import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What the system knows of a process. On Linux from /proc, elsewhere from ps; null when there is no such process. */
export interface ProcessFacts {
  /** Start time in the system's own words: with the pid it names a process for ever, for pids are used again. */
  readonly startedAt: string;
  /** Dead, but its parent has not taken notice yet. */
  readonly zombie: boolean;
}

export function processFacts(pid: number): ProcessFacts | null {
  if (!Number.isSafeInteger(pid) || pid < 1) return null;
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

const STATE = 0; // fields after the command name, which may itself hold spaces and brackets
const START_TIME = 19;

function fromProc(pid: number): ProcessFacts | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { startedAt: `${bootId()}/${fields[START_TIME]}`, zombie: fields[STATE] === 'Z' || fields[STATE] === 'X' };
  } catch {
    return null;
  }
}

/** Start times count from boot, so the same figure can come back after a restart of the machine. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown-boot';
  }
}

function fromPs(pid: number): ProcessFacts | null {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const [state = '', ...started] = line.split(/\s+/);
    return line === '' ? null : { startedAt: started.join(' '), zombie: state.startsWith('Z') };
  } catch {
    return null;
  }
}

export function commandLineOf(pid: number): string {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
