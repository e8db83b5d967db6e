/** What has one history. The partition of a subject is fixed for ever; `partition.vectors.json` beside this file is its proof. */
import { hash } from 'node:crypto';

export const PARTITIONS = 64;
/** `unrouted`: bytes that name no subject of ours; a person looks at them. */
export const SUBJECT_KINDS = ['order', 'unrouted'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];
export interface Subject {
  readonly kind: SubjectKind;
  readonly channel: string;
  readonly shop: string;
  readonly id: string;
}

/** A digest as text is several times cheaper than as a Buffer; Node's types know `latin1` under its older name. */
const LATIN1 = 'latin1' as 'binary';

/** First byte of SHA-256(`kind\0channel\0shop\0id`) & 63. */
export function partitionOf(subject: Subject): number {
  return hash('sha256', subjectText(subject), LATIN1).charCodeAt(0) & (PARTITIONS - 1);
}

/** Text under which a subject is told apart in memory and in indexes. */
export const subjectText = (subject: Subject): string => `${subject.kind}\0${subject.channel}\0${subject.shop}\0${subject.id}`;
