import { once } from 'node:events';
import type pg from 'pg';

export type CopyChunks = Iterable<Buffer> | AsyncIterable<Buffer>;

/** What a statement sees of pg's connection while it copies; the same door that pg-copy-streams uses. */
interface CopyConnection {
  readonly stream: NodeJS.WritableStream & { readonly writableNeedDrain: boolean };
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

/** Sends chunks as fast as the socket takes them; when the chunks throw, the server drops the whole copy. */
class CopyFrom {
  readonly text: string;
  readonly #chunks: CopyChunks;
  readonly #settle: (error: unknown, rows: number) => void;
  #rows = 0;
  #failure: unknown;
  #stopped = false;

  constructor(text: string, chunks: CopyChunks, settle: (error: unknown, rows: number) => void) {
    this.text = text;
    this.#chunks = chunks;
    this.#settle = settle;
  }

  submit(connection: CopyConnection): void {
    connection.query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    this.#pump(connection).catch((error: unknown) => {
      this.#failure = error;
      connection.sendCopyFail('the sender of the rows failed');
    });
  }

  async #pump(connection: CopyConnection): Promise<void> {
    for await (const chunk of this.#chunks) {
      if (this.#stopped) return;
      connection.sendCopyFromChunk(chunk);
      if (connection.stream.writableNeedDrain) await Promise.race([once(connection.stream, 'drain'), once(connection.stream, 'close')]);
    }
    if (!this.#stopped) connection.endCopyFrom();
  }

  handleCommandComplete(message: { readonly text: string }): void {
    this.#rows = Number(/ (\d+)$/.exec(message.text)?.[1] ?? 0);
  }

  handleError(error: unknown): void {
    this.#stopped = true;
    this.#settle(this.#failure ?? error, 0);
  }

  handleReadyForQuery(): void {
    this.#settle(this.#failure ?? null, this.#rows);
  }

  /** A statement that is no `copy … from stdin` after all: its answers are of no use here. */
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
}

/** `copy … from stdin` on one connection; answers the number of rows. */
export async function copyInto(client: pg.ClientBase, text: string, chunks: CopyChunks): Promise<number> {
  return new Promise((resolve, reject) => {
    const copy = new CopyFrom(text, chunks, (error, rows) => (error === null ? resolve(rows) : reject(error)));
    client.query(copy as unknown as pg.Submittable);
  });
}
