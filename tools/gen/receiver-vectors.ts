/**
 * Test vectors for receivers in any language. Nothing of the kit is used: signatures are made by the public `standardwebhooks` library, digests by
 * the server's own code, scripts are written by hand. Deterministic: the same text each time.
 */
import { createHmac } from 'node:crypto';
import { DIGEST_FIELDS, LIVE_STATUSES } from '@weir/contract';
import { digestText, stateDigest } from '@weir/core';
import { Webhook } from 'standardwebhooks';

const NOW = Date.parse('2026-02-20T12:22:08Z');
const SECONDS = 1_000;
const TOLERANCE_SECONDS = 300;
const secretOf = (fill: number): string => `whsec_${Buffer.alloc(24, fill).toString('base64')}`;
const [FIRST, SECOND, FOREIGN] = [secretOf(1), secretOf(2), secretOf(3)];
/** What a program reads from a setting that is not set, and one that anybody can guess: nothing signed with them is ours. */
const [EMPTY, SHORT] = ['whsec_', `whsec_${Buffer.alloc(3, 1).toString('base64')}`];

export interface VectorOrder {
  readonly orderKey: string;
  readonly version: number;
  readonly status: string | null;
  readonly payable: string;
  readonly paid: string;
  readonly refunded: string;
  readonly addressVersion: number;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number; readonly status: string }[];
}
const order = (more: Partial<VectorOrder> = {}): VectorOrder => ({
  orderKey: 'OW20260220008S1M',
  version: 1,
  status: 'paid',
  payable: '114.00',
  paid: '114.00',
  refunded: '0.00',
  addressVersion: 1,
  lines: [{ lineId: '1', quantity: 2, status: 'paid' }],
  ...more,
});

const envelope = (type: string, version: number, data: object, id = `evt-17-${88_420_000_000 + version}`): object => ({
  specversion: '1.0',
  id,
  source: 'inst_00000000000000000000000000',
  type,
  subject: order().orderKey,
  time: new Date(NOW).toISOString(),
  datacontenttype: 'application/json',
  sequence: String(version).padStart(10, '0'),
  data,
});
const bodyOf = (type: string, version: number, more: Partial<VectorOrder> = {}): string =>
  JSON.stringify(envelope(type, version, { order: order({ version, ...more }), detail: {} }));

/** The public library refuses to sign with nothing; a forger does not. */
const sign = (secret: string, id: string, atMs: number, body: string): string =>
  secret === EMPTY
    ? `v1,${createHmac('sha256', '')
        .update(`${id}.${atMs / SECONDS}.${body}`)
        .digest('base64')}`
    : new Webhook(secret).sign(id, new Date(atMs), body);

interface Signed {
  readonly name: string;
  readonly secrets?: readonly string[];
  readonly signedWith?: readonly string[];
  readonly ageSeconds?: number;
  /** What is changed after signing. */
  readonly change?: (message: { id: string; timestamp: string; signature: string; body: string }) => Partial<Record<string, string>>;
  readonly result: string;
}
const CASES: readonly Signed[] = [
  { name: 'right', result: 'ok' },
  { name: 'right, as old as is allowed', ageSeconds: TOLERANCE_SECONDS, result: 'ok' },
  { name: 'right, as new as is allowed', ageSeconds: -TOLERANCE_SECONDS, result: 'ok' },
  { name: 'one second too old: somebody may have recorded it', ageSeconds: TOLERANCE_SECONDS + 1, result: 'too_old' },
  { name: 'one second too new', ageSeconds: -TOLERANCE_SECONDS - 1, result: 'too_new' },
  { name: 'another secret', signedWith: [FOREIGN], result: 'wrong_signature' },
  { name: 'two signatures, we know only the old secret', signedWith: [SECOND, FIRST], result: 'ok' },
  { name: 'two signatures, we know only the new secret', secrets: [SECOND], signedWith: [SECOND, FIRST], result: 'ok' },
  { name: 'one signature of the old secret, we know both', secrets: [SECOND, FIRST], signedWith: [FIRST], result: 'ok' },
  { name: 'two signatures, both foreign', signedWith: [SECOND, FOREIGN], result: 'wrong_signature' },
  { name: 'one byte of the body changed', change: ({ body }) => ({ body: body.replace('114.00', '114.01') }), result: 'wrong_signature' },
  {
    name: 'the body parsed and written anew: not the same bytes',
    change: ({ body }) => ({ body: JSON.stringify(JSON.parse(body), null, 1) }),
    result: 'wrong_signature',
  },
  { name: 'the id changed', change: ({ id }) => ({ id: `${id}x` }), result: 'wrong_signature' },
  { name: 'the time changed', change: ({ timestamp }) => ({ timestamp: String(Number(timestamp) + 1) }), result: 'wrong_signature' },
  { name: 'the signature cut short', change: ({ signature }) => ({ signature: signature.slice(0, -8) }), result: 'wrong_signature' },
  {
    name: 'only a version that is not known',
    change: ({ signature }) => ({ signature: signature.replace('v1,', 'v2,') }),
    result: 'wrong_signature',
  },
  {
    name: 'a version that is not known beside a right one',
    change: ({ signature }) => ({ signature: `v9,AAAA ${signature}` }),
    result: 'ok',
  },
  { name: 'no secret is set, and the sender signed with none', secrets: [''], signedWith: [EMPTY], result: 'wrong_signature' },
  { name: 'a secret cut off behind its prefix, and signed with that', secrets: [EMPTY], signedWith: [EMPTY], result: 'wrong_signature' },
  { name: 'a secret of three bytes, and signed with that', secrets: [SHORT], signedWith: [SHORT], result: 'wrong_signature' },
  { name: 'a right secret beside one that is none', secrets: ['', FIRST], result: 'ok' },
  { name: 'no signature', change: () => ({ signature: '' }), result: 'missing_header' },
  { name: 'a time that is no number', change: () => ({ timestamp: 'yesterday' }), result: 'bad_timestamp' },
];

function signatureVector({ name, secrets = [FIRST], signedWith = [FIRST], ageSeconds = 0, change = () => ({}), result }: Signed): object {
  const at = NOW - ageSeconds * SECONDS;
  const [id, body] = ['evt-17-88420000001.ep_1', bodyOf('weir.order.paid', 1)];
  const signature = signedWith.map((secret) => sign(secret, id, at, body)).join(' ');
  const message = { id, timestamp: String(at / SECONDS), signature, body };
  const sent = { ...message, ...change(message) };
  return {
    name,
    secrets,
    nowSeconds: NOW / SECONDS,
    headers: { 'webhook-id': sent.id, 'webhook-timestamp': sent.timestamp, 'webhook-signature': sent.signature },
    body: sent.body,
    result,
  };
}

const ODD_IDS = ['6900000000000000123', '订单-1', 'a"b\\c', '\u{1f9fa}', 'é', 'e\u0301', '\u2028', '/', '\u007f', '\ufb33'];
const STATES: readonly (readonly [string, Partial<VectorOrder>, (readonly string[])?])[] = [
  ['usual', {}],
  ['no status yet', { status: null }],
  ...LIVE_STATUSES.map((status) => [`status ${status}`, { status }] as const),
  ['an amount beyond a float’s cents', { payable: '9999999999.99', paid: '0.00' }],
  ['partly refunded', { refunded: '13.50', version: 41, addressVersion: 3 }],
  ['no lines', { lines: [] }],
  ['lines keep their order', { lines: ['2', '10', '1'].map((lineId) => ({ lineId, quantity: 1, status: 'packed' })) }],
  ['a big quantity', { lines: [{ lineId: '1', quantity: 1_000_000, status: 'paid' }] }],
  ...ODD_IDS.map((lineId) => [`line ${JSON.stringify(lineId)}`, { lines: [{ lineId, quantity: 1, status: 'paid' }] }] as const),
  ['an endpoint with the field status only', {}, ['orderKey', 'version', 'status']],
  ['an endpoint without any digest field', {}, ['orderKey', 'version']],
];

function digestVector([name, more, fields]: (typeof STATES)[number]): object {
  const whole = order(more);
  const told = fields ?? [...DIGEST_FIELDS];
  const state = Object.fromEntries(Object.entries(whole).filter(([field]) => told.includes(field)));
  const chosen = DIGEST_FIELDS.filter((field) => told.includes(field));
  const typed = whole as Parameters<typeof digestText>[0];
  return { name, state, canonical: digestText(typed, chosen), digest: stateDigest(typed, chosen) };
}

interface Step {
  readonly webhookId: string;
  readonly body: object;
  readonly effect: 'changed' | 'stale' | 'repeat';
  /** The newest version that was heard of. */
  readonly version: number;
  readonly digest: string | null;
}
const holds = (version: number, more: Partial<VectorOrder> = {}): string =>
  `${version}:${stateDigest(order({ version, ...more }) as Parameters<typeof digestText>[0])}`;
const step = (
  webhookId: string,
  type: string,
  version: number,
  effect: Step['effect'],
  held: number = version,
  more: Partial<VectorOrder> = {},
): Step => ({
  webhookId,
  body: envelope(type, version, { order: order({ version, ...more }), detail: {} }, webhookId),
  effect,
  version: held,
  digest: holds(held, held === version ? more : {}),
});
const heldStep = (webhookId: string, version: number, digest: string | null): Step => ({
  webhookId,
  body: envelope('weir.order.held', version, { orderKey: order().orderKey, version, held: ['review'] }, webhookId),
  effect: 'changed',
  version,
  digest,
});
const SCRIPTS: readonly { readonly name: string; readonly steps: readonly Step[] }[] = [
  {
    name: 'in order',
    steps: [step('a1', 'weir.order.created', 1, 'changed'), step('a2', 'weir.order.paid', 2, 'changed')],
  },
  {
    name: 'the same delivery again, because our answer was lost',
    steps: [step('b1', 'weir.order.created', 1, 'changed'), step('b1', 'weir.order.created', 1, 'repeat')],
  },
  {
    name: 'after a crash of the sender older ones come again',
    steps: [
      step('c1', 'weir.order.created', 1, 'changed'),
      step('c2', 'weir.order.paid', 2, 'changed'),
      step('c1', 'weir.order.created', 1, 'repeat', 2),
      step('c2', 'weir.order.paid', 2, 'repeat'),
      step('c3', 'weir.order.changed', 3, 'changed'),
    ],
  },
  {
    name: 'one that we never took comes after a newer one: the newer stays',
    steps: [step('d2', 'weir.order.paid', 2, 'changed'), step('d1', 'weir.order.created', 1, 'stale', 2)],
  },
  {
    name: 'versions have holes, because the endpoint does not want every type',
    steps: [step('e1', 'weir.order.created', 1, 'changed'), step('e7', 'weir.order.shipped', 7, 'changed')],
  },
  {
    name: 'a snapshot of what is held counts, an older one does not',
    steps: [
      step('f3', 'weir.order.paid', 3, 'changed'),
      step('rpl_1-f', 'weir.order.snapshot', 3, 'changed'),
      step('rpl_1-f', 'weir.order.snapshot', 3, 'repeat'),
      step('f4', 'weir.order.changed', 4, 'changed'),
      step('rpl_0-f', 'weir.order.snapshot', 3, 'stale', 4),
    ],
  },
  { name: 'a snapshot may be the first that is heard of an order', steps: [step('rpl_1-g', 'weir.order.snapshot', 5, 'changed')] },
  {
    name: 'while an order waits for a person only that is told; what is held stays, and its digest with it',
    steps: [
      step('h1', 'weir.order.created', 1, 'changed'),
      heldStep('h2', 2, holds(1)),
      step('h3', 'weir.order.released', 4, 'changed', 4, { payable: '112.00' }),
    ],
  },
  { name: 'an order that waits from its first day', steps: [heldStep('i1', 2, null)] },
];

/** Written into the repository; kits are checked against it. */
export function receiverVectors(): string {
  const vectors = {
    about:
      'Test vectors for receivers of Weir webhooks: packages/receiver/README.md says how to use them. Made by npm run gen (tools/gen/receiver-vectors.ts): edit that.',
    toleranceSeconds: TOLERANCE_SECONDS,
    signatures: CASES.map(signatureVector),
    digests: STATES.map(digestVector),
    scripts: SCRIPTS,
  };
  return `${JSON.stringify(vectors, null, 2)}\n`;
}
