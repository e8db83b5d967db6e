/** The body and the signature of one delivery: CloudEvents 1.0 JSON, signed as Standard Webhooks say. Pure. */
import { type Hmac, oneShotHmac } from '#access';
import type { Secrets } from './secrets.ts';

/** An event of the log as the relay reads it. The relay does not know what its subject is. */
export interface LogEvent {
  readonly partition: number;
  readonly position: number;
  readonly subjectKey: string;
  readonly version: number;
  readonly type: string;
  readonly withheld: boolean;
  readonly occurredAt: string;
  /** JSON texts. */
  readonly detail: string;
  readonly state: string;
  /** Of what is no event of the log: its own id, and of which replay it is. */
  readonly id?: string;
  readonly replay?: number;
}

const SEQUENCE_DIGITS = 10;
const SECRET_PREFIX = 'whsec_';
const eventId = ({ id, partition, position }: LogEvent): string => id ?? `evt-${partition}-${position}`;
/** Event + endpoint: the same over all tries, so that the receiver recognises a repeat. */
export const webhookId = (event: LogEvent, endpointId: string): string => `${eventId(event)}.${endpointId}`;

/** `data` is JSON text already: what the log holds as text is spliced in, never parsed and written anew. */
export function bodyOf(event: LogEvent, source: string, data: string): Buffer {
  const head = JSON.stringify({
    specversion: '1.0',
    id: eventId(event),
    source,
    type: `weir.${event.type}`,
    subject: event.subjectKey,
    time: new Date(event.occurredAt).toISOString(),
    datacontenttype: 'application/json',
    sequence: String(event.version).padStart(SEQUENCE_DIGITS, '0'),
  });
  return Buffer.from(`${head.slice(0, -1)},"data":${data}}`);
}

export interface Signer {
  /** The headers of one try, names and values by turns; `at` in ms UTC. */
  headersFor(id: string, at: number, body: Buffer): string[];
}

type Mac = Hmac;
const macOf = (secret: string): Mac => oneShotHmac('sha256', Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64'));

/** Signs with every secret that is live at the time of the try; the receiver takes any signature that it can check. */
export function createSigner(secrets: Pick<Secrets, 'at'>): Signer {
  const known = new Map<string, Mac>();
  const macFor = (secret: string): Mac => {
    const mac = known.get(secret) ?? macOf(secret);
    known.set(secret, mac);
    return mac;
  };
  return {
    headersFor(id, at, body) {
      const timestamp = String(Math.floor(at / 1000));
      const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
      const signatures = secrets.at(at).map((secret) => `v1,${macFor(secret)(signed).toString('base64')}`);
      return [
        'content-type',
        'application/cloudevents+json',
        'webhook-id',
        id,
        'webhook-timestamp',
        timestamp,
        'webhook-signature',
        signatures.join(' '),
      ];
    },
  };
}
