import { totalmem } from 'node:os';

const MIB = 1024 * 1024;
const BUFFERS_MIB = { least: 64, most: 512 } as const;

/**
 * For write throughput on a small machine, with every safety on. lz4 is not compiled into these binaries, so full pages in the WAL are
 * compressed with pglz. Only what starts or dies is logged: no statement, no parameter, no row.
 */
export function defaultSettings(): Readonly<Record<string, string>> {
  return {
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    shared_buffers: `${sharedBuffersMib()}MB`,
    max_wal_size: '4GB',
    min_wal_size: '256MB',
    wal_compression: 'pglz',
    wal_buffers: '16MB',
    checkpoint_timeout: '15min',
    checkpoint_completion_target: '0.9',
    max_connections: '100',
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    random_page_cost: '1.1',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_line_prefix: '',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: 'none',
    log_checkpoints: 'off',
  };
}

/** A quarter of the memory this process may use (a container's limit counts), within bounds. */
function sharedBuffersMib(): number {
  const allowed = process.constrainedMemory();
  const memory = allowed > 0 && allowed < totalmem() ? allowed : totalmem();
  return Math.max(BUFFERS_MIB.least, Math.min(BUFFERS_MIB.most, Math.floor(memory / 4 / MIB)));
}
