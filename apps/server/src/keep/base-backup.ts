/**
 * A base backup as PostgreSQL itself makes it for its standbys: over the replication protocol, so no client tool is needed and the server goes on working. The tar that comes
 * holds the data directory and, at its end, the WAL from the backup's begin to its end: alone it can be started.
 */
import pg from 'pg';
import { toFault } from '#platform';

export interface BaseBackup {
  /** The bytes of one tar file. Read to the end, or the backup is given up. */
  readonly tar: AsyncIterable<Buffer>;
  /** WAL positions between which it was made; known when the tar has ended. */
  range(): { readonly startLsn: string; readonly endLsn: string };
}

const COMMAND = `BASE_BACKUP (LABEL 'weir', CHECKPOINT 'fast', WAL true, MANIFEST 'no')`;
/** Keeps the WAL that the backup needs from being recycled; gone with the connection, however that ends. */
const SLOT = (name: string): string => `CREATE_REPLICATION_SLOT ${name} TEMPORARY PHYSICAL RESERVE_WAL`;
/** What was sent and not yet taken; above it the database waits for us. */
const QUEUE_BYTES = 8 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 10_000;
/** First byte of a message of the copy stream. */
const DATA = 0x64;

type Client = pg.Client & { readonly connection: { readonly stream: { pause(): void; resume(): void; destroy(): void } } };

/** `adminUrl`: the superuser's; `signal` gives it up. Throws Faults. */
export async function withBaseBackup<T>(
  adminUrl: string,
  signal: AbortSignal | undefined,
  use: (backup: BaseBackup) => Promise<T>,
): Promise<T> {
  const options = {
    connectionString: adminUrl,
    replication: 'true',
    application_name: 'weir backup',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  };
  const client = new pg.Client(options) as Client;
  client.on('error', () => {}); // the running command gets the same error; without a listener Node would end the process
  const giveUp = (): void => void client.connection.stream.destroy();
  signal?.addEventListener('abort', giveUp);
  try {
    const copy = await begin(client).catch((error: unknown) => {
      throw toFault(error);
    });
    return await use({ tar: copy.chunks(), range: () => copy.range() });
  } finally {
    signal?.removeEventListener('abort', giveUp);
    await client.end().catch(() => {});
  }
}

async function begin(client: Client): Promise<Copy> {
  await client.connect();
  await client.query(SLOT(`weir_backup_${process.pid}`));
  const copy = new Copy(client);
  client.query(copy as unknown as pg.Submittable);
  return copy;
}

/** The answer to BASE_BACKUP, as pg hands it to us message by message. */
class Copy {
  readonly #client: Client;
  readonly #lsns: string[] = [];
  #queue: Buffer[] = [];
  #queued = 0;
  #over = false;
  #error: unknown;
  #wake: () => void = () => {};

  constructor(client: Client) {
    this.#client = client;
    client.on('end', () => this.#end(new Error('the connection of the backup was lost')));
  }

  range(): { readonly startLsn: string; readonly endLsn: string } {
    const [startLsn = '', endLsn = ''] = this.#lsns;
    return { startLsn, endLsn };
  }

  async *chunks(): AsyncGenerator<Buffer> {
    for (;;) {
      const taken = this.#queue;
      this.#queue = [];
      this.#queued = 0;
      this.#client.connection.stream.resume();
      yield* taken;
      if (this.#queue.length > 0) continue;
      if (this.#error !== undefined) throw toFault(this.#error);
      if (this.#over) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #end(error?: unknown): void {
    if (!this.#over) this.#error ??= error;
    this.#over ||= error === undefined;
    this.#wake();
  }

  submit(connection: { query(text: string): void }): void {
    connection.query(COMMAND);
  }
  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    if (/^[0-9A-F]+\/[0-9A-F]+$/.test(fields[0] ?? '')) this.#lsns.push(fields[0] as string);
  }
  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    if (chunk[0] !== DATA) return;
    this.#queue.push(Buffer.from(chunk.subarray(1))); // the driver uses its buffer again
    this.#queued += chunk.length;
    if (this.#queued > QUEUE_BYTES) this.#client.connection.stream.pause();
    this.#wake();
  }
  handleReadyForQuery(): void {
    this.#end();
  }
  handleError(error: unknown): void {
    this.#end(error);
  }
  handleRowDescription(): void {}
  handleCommandComplete(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCopyInResponse(): void {}
}
