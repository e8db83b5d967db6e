/** The body and the signature of one delivery: CloudEvents 1.0 JSON, signed as Standard Webhooks say. Pure. */
import { createHmac } from 'node:crypto';

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
}

const SEQUENCE_DIGITS = 10;
export const eventId = (event: LogEvent): string => `evt-${event.partition}-${event.position}`;
/** Event + endpoint: the same over all tries, so that the receiver recognises a repeat. */
export const webhookId = (event: LogEvent, endpointId: string): string => `${eventId(event)}.${endpointId}`;

export function bodyOf(event: LogEvent, source: string, data: object): string {
  return JSON.stringify({
    specversion: '1.0',
    id: eventId(event),
    source,
    type: `weir.${event.type}`,
    subject: event.subjectKey,
    time: new Date(event.occurredAt).toISOString(),
    datacontenttype: 'application/json',
    sequence: String(event.version).padStart(SEQUENCE_DIGITS, '0'),
    data,
  });
}

/** `secret` is `whsec_` + base64; `at` in ms UTC. */
export function signedHeaders(id: string, secret: string, at: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'content-type': 'application/cloudevents+json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
