import type pg from 'pg';
import { beginWith } from './db-begin.ts';
import { isConnectionFault, toFault } from './db-faults.ts';
import { CommitUnknown, Fault } from './faults.ts';
import { run, statement, type Rows, type Sql } from './sql.ts';

export interface TransactionOptions {
  readonly readOnly?: boolean;
  /** One snapshot for all statements (REPEATABLE READ), for reports that must add up. */
  readonly snapshot?: boolean;
  /** Replaces the pool's limit for each statement of this transaction; 0 = none. */
  readonly statementTimeoutMs?: number;
}

/**
 * One transaction on one connection. The connection is taken at the first statement, so what is computed before holds none.
 * Statements are sent one after the other even when the caller does not wait between them.
 */
export class TransactionScope implements Sql {
  readonly #acquire: () => Promise<pg.PoolClient>;
  readonly #options: TransactionOptions;
  #client: pg.PoolClient | undefined;
  #broken = false;
  #closed = false;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(acquire: () => Promise<pg.PoolClient>, options: TransactionOptions) {
    this.#acquire = acquire;
    this.#options = options;
  }

  query<R>(text: string, values?: readonly unknown[]): Promise<Rows<R>> {
    return this.#inTurn(() => this.#send<R>(statement(text, values)));
  }

  queryNamed<R>(name: string, text: string, values?: readonly unknown[]): Promise<Rows<R>> {
    return this.#inTurn(() => this.#send<R>(statement(text, values, name)));
  }

  async run<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    try {
      const value = await work(this);
      this.#closed = true;
      await this.#tail;
      await this.#commit();
      return value;
    } catch (error) {
      this.#closed = true;
      await this.#tail.catch(() => {});
      await this.#rollback();
      throw error;
    } finally {
      this.#release();
    }
  }

  #inTurn<T>(send: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('broken promise: a transaction that has ended is not used again'));
    const turn = this.#tail.then(send).catch((error: unknown) => {
      const fault = toFault(error);
      this.#broken ||= isConnectionFault(fault);
      throw fault;
    });
    this.#tail = turn.catch(() => {}); // the caller gets the error; the next statement gets the server's own answer to it
    return turn;
  }

  async #send<R>(query: pg.QueryConfig): Promise<Rows<R>> {
    if (this.#client !== undefined) return run<R>(this.#client, query);
    // Without values it may be several statements in one text, which only the simple protocol takes: then BEGIN goes first, alone.
    if (query.values === undefined || this.#options.statementTimeoutMs !== undefined) return run<R>(await this.#begun(), query);
    return beginWith<R>(await this.#take(), this.#beginText(), query);
  }

  async #begun(): Promise<pg.PoolClient> {
    if (this.#client !== undefined) return this.#client;
    const client = await this.#take();
    const { statementTimeoutMs } = this.#options;
    const limit = statementTimeoutMs === undefined ? '' : `; set local statement_timeout = ${Math.trunc(statementTimeoutMs)}`;
    await client.query(`${this.#beginText()}${limit}`);
    return client;
  }

  async #take(): Promise<pg.PoolClient> {
    const client = await this.#acquire();
    client.on('error', this.#onLost);
    this.#client = client;
    return client;
  }

  readonly #onLost = (): void => {
    this.#broken = true;
  };

  #beginText(): string {
    return `begin isolation level ${this.#options.snapshot ? 'repeatable read' : 'read committed'}${this.#options.readOnly ? ' read only' : ''}`;
  }

  async #commit(): Promise<void> {
    if (this.#client === undefined) return;
    const answer = await this.#client.query('commit').catch((error: unknown) => {
      const fault = toFault(error);
      throw isConnectionFault(fault) || fault.code === 'database.client' ? new CommitUnknown(fault) : fault;
    });
    if (answer.command === 'COMMIT') return;
    throw new Fault('database.rolled_back', {
      message: 'a statement of the transaction had failed, so COMMIT rolled it back',
      retry: false,
    });
  }

  async #rollback(): Promise<void> {
    if (this.#client === undefined || this.#broken) return;
    await this.#client.query('rollback').catch(() => {
      this.#broken = true; // a connection in an unknown state is not given back
    });
  }

  #release(): void {
    if (this.#client === undefined) return;
    this.#client.off('error', this.#onLost);
    this.#client.release(this.#broken);
  }
}
