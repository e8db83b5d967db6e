import pg from 'pg';
import type { Rows } from './sql.ts';

/** The parts of pg's Query that a protocol-level statement fills in; @types/pg leaves them out. */
interface QueryInside {
  name: string | undefined;
  submit(connection: WireConnection): Error | null;
  handleCommandComplete(message: unknown, connection: WireConnection): void;
  handleError(error: Error, connection: WireConnection): void;
}
interface WireConnection {
  readonly stream: { cork(): void; uncork(): void };
  readonly submittedNamedStatements: Record<string, string | undefined>;
  parse(message: { text: string; name: string; types: readonly number[] }): void;
  bind(message: { portal: string; statement: string; values: readonly unknown[] }): void;
  execute(message: { portal: string; rows: number }): void;
}
const QueryBase = pg.Query as unknown as new (
  config: pg.QueryConfig,
  callback: (error: Error | null, result: unknown) => void,
) => QueryInside;

/**
 * BEGIN and the first statement in one message group with a single Sync: one round trip, and if BEGIN should fail, the server skips
 * the statement too. (Two separate messages would then run the statement outside any transaction.)
 */
class BeginWith extends QueryBase {
  readonly #begin: string;
  readonly #realName: string | undefined;
  #begun = false;

  constructor(begin: string, config: pg.QueryConfig, callback: (error: Error | null, result: unknown) => void) {
    super({ ...config, queryMode: 'extended' } as pg.QueryConfig, callback);
    this.#begin = begin;
    this.#realName = config.name;
  }

  override submit(connection: WireConnection): Error | null {
    connection.stream.cork();
    try {
      connection.parse({ text: this.#begin, name: '', types: [] });
      connection.bind({ portal: '', statement: '', values: [] });
      connection.execute({ portal: '', rows: 0 });
      const refused = super.submit(connection);
      // pg notes a named statement as known at the next ParseComplete, and that one is BEGIN's: the name is shown only after it.
      this.name = undefined;
      return refused;
    } finally {
      connection.stream.uncork();
    }
  }

  override handleCommandComplete(message: unknown, connection: WireConnection): void {
    if (this.#begun) {
      super.handleCommandComplete(message, connection);
      return;
    }
    this.#begun = true;
    this.name = this.#realName;
  }

  override handleError(error: Error, connection: WireConnection): void {
    if (!this.#begun && this.#realName !== undefined) delete connection.submittedNamedStatements[this.#realName];
    super.handleError(error, connection);
  }
}

/** Opens a transaction with its first statement and answers that statement's rows. */
export async function beginWith<R>(client: pg.ClientBase, begin: string, first: pg.QueryConfig): Promise<Rows<R>> {
  return new Promise((resolve, reject) => {
    const query = new BeginWith(begin, first, (error, result) => {
      if (error !== null) reject(error);
      else resolve(result as Rows<R>);
    });
    client.query(query as unknown as pg.Submittable);
  });
}
