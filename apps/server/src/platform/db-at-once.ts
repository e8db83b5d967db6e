import type pg from 'pg';
import { isConnectionFault, toFault } from './db-faults.ts';
import { CommitUnknown } from './faults.ts';

/** One statement of a group. `name` stands for one text only; `copy` are the rows of a `copy … from stdin`. */
export interface Step {
  readonly name: string;
  readonly text: string;
  readonly values?: readonly (Buffer | string | number | boolean | null)[];
  readonly copy?: Buffer;
}

/** What a group sees of pg's connection; @types/pg leaves it out. */
interface WireConnection {
  readonly stream: NodeJS.WritableStream & { cork(): void; uncork(): void };
  readonly parsedStatements: Record<string, string | undefined>;
  close(message: { type: 'S'; name: string }): void;
  parse(message: { text: string; name: string; types: readonly number[] }): void;
  bind(message: { portal: string; statement: string; values: readonly Value[]; valueMapper: (value: Value) => unknown }): void;
  execute(message: { portal: string; rows: number }): void;
  endCopyFrom(): void;
  sync(): void;
}
const COPY_DATA = 0x64;
type Value = NonNullable<Step['values']>[number];
const asSent = (value: Value): Buffer | string | null => (value === null || value instanceof Buffer ? value : String(value));

/**
 * Statements sent in one message group with a single Sync: for the server they are one transaction, and nobody waits for an answer between
 * them. The rows of a copy follow their statement at once; when an earlier statement failed, the server skips them like the rest.
 */
class Group {
  readonly text = 'a group of statements';
  readonly #steps: readonly Step[];
  readonly #settle: (error: unknown, rows: readonly number[]) => void;
  readonly #rows: number[] = [];
  readonly #parsed = new Map<string, string>();
  #connection: WireConnection | undefined;

  constructor(steps: readonly Step[], settle: (error: unknown, rows: readonly number[]) => void) {
    this.#steps = steps;
    this.#settle = settle;
  }

  submit(connection: WireConnection): null {
    this.#connection = connection;
    connection.stream.cork();
    for (const step of this.#steps) this.#send(connection, step);
    connection.sync();
    connection.stream.uncork();
    return null;
  }

  #send(connection: WireConnection, step: Step): void {
    if (connection.parsedStatements[step.name] !== step.text && this.#parsed.get(step.name) !== step.text) {
      this.#parsed.set(step.name, step.text);
      connection.close({ type: 'S', name: step.name }); // of a group that failed before; closing what is not there is no error
      connection.parse({ text: step.text, name: step.name, types: [] });
    }
    connection.bind({ portal: '', statement: step.name, values: step.values ?? [], valueMapper: asSent });
    connection.execute({ portal: '', rows: 0 });
    if (step.copy === undefined) return;
    const header = Buffer.allocUnsafe(5);
    header.writeUInt8(COPY_DATA, 0);
    header.writeUInt32BE(step.copy.length + 4, 1);
    connection.stream.write(header);
    connection.stream.write(step.copy);
    connection.endCopyFrom();
  }

  handleCommandComplete(message: { readonly text: string }): void {
    this.#rows.push(Number(/ (\d+)$/.exec(message.text)?.[1] ?? 0));
  }

  handleError(error: unknown): void {
    this.#settle(error, []);
  }

  handleReadyForQuery(): void {
    for (const [name, text] of this.#parsed) (this.#connection as WireConnection).parsedStatements[name] = text;
    this.#settle(null, this.#rows);
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handleCopyInResponse(): void {}
}

/** Answers the number of rows that each step wrote or returned. */
export async function sendAtOnce(client: pg.ClientBase, steps: readonly Step[]): Promise<readonly number[]> {
  return new Promise((resolve, reject) => {
    const group = new Group(steps, (error, rows) => {
      if (error === null) resolve(rows);
      else {
        const fault = toFault(error);
        reject(isConnectionFault(fault) || fault.code === 'database.client' ? new CommitUnknown(fault) : fault);
      }
    });
    client.query(group as unknown as pg.Submittable);
  });
}
