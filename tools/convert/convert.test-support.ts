import { fileURLToPath } from 'node:url';
import { NeutralOrder, type NeutralMessage, PartialOrder } from '@weir/contract';
import { Compile } from 'typebox/compile';
import { type Converter, createNotes, type Listed } from './run.ts';

export const testData = (name: string): string => fileURLToPath(new URL(`../../tests/data/${name}`, import.meta.url));

export interface Converted {
  readonly messages: readonly NeutralMessage[];
  readonly counts: Readonly<Record<string, number>>;
  readonly listed: readonly Listed[];
}
export async function convertAll(convert: Converter, dir: string): Promise<Converted> {
  const listed: Listed[] = [];
  const notes = createNotes((entry) => void listed.push(entry));
  const messages: NeutralMessage[] = [];
  for await (const message of convert(dir, notes)) messages.push(message);
  return { messages, counts: Object.fromEntries(notes.counts), listed };
}

const whole = Compile(NeutralOrder);
const part = Compile(PartialOrder);

/** How many messages pass the schema of the contract, and how many break it at which places (indexes as *). */
export function tallySchema(messages: readonly NeutralMessage[]): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const message of messages) {
    const schema = message.partial ? part : whole;
    const places = schema.Check(message) ? ['passes'] : schema.Errors(message).map((error) => error.instancePath.replace(/\d+/, '*'));
    const key = [...new Set(places)].sort().join(' ');
    tally[key] = (tally[key] ?? 0) + 1;
  }
  return tally;
}
