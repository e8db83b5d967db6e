/** What a route says about itself, once: its reader of input, its lock on answers and its place in `/openapi.json` come from this object. */
import { type ErrorCode, type Permission, type Permissions, PERMISSIONS, ROLES } from '@weir/contract';
import { assert } from '#platform';
import type { TObject, TSchema } from 'typebox';

/** Chapters of the reference, in the order in which a newcomer needs them. */
export const TAGS = {
  orders: { zh: '订单', en: 'Orders' },
  reviews: { zh: '待人工复核', en: 'Reviews' },
  endpoints: { zh: '订阅端点', en: 'Webhook endpoints' },
  channels: { zh: '渠道', en: 'Sales channels' },
  insight: { zh: '总览', en: 'Overview' },
  access: { zh: '登录、令牌与人员', en: 'Login, tokens, people' },
  operations: { zh: '运维', en: 'Operations' },
} as const;

/** An answer (or a body) that is no JSON document of ours. */
export interface Media {
  readonly media: string;
  /** Of one line of it, where it has lines. */
  readonly line?: TSchema;
}
/** Exact bytes, whatever they are called, or not called anything. */
export const ANY_MEDIA = { media: '*/*' } as const;
export const isMedia = (answer: TSchema | Media): answer is Media => 'media' in answer;

export interface Declaration {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  /** As callers write it, e.g. `/v1/orders/{key}:cancel`. */
  readonly path: string;
  readonly tag: keyof typeof TAGS;
  readonly zh: string;
  readonly en: string;
  readonly query?: TObject;
  /** Read strictly before the handler runs. */
  readonly body?: TSchema;
  /** Of it, where less is enough than the house allows. */
  readonly bodyBytes?: number;
  /** Taken as exact bytes by the handler, which checks them itself. */
  readonly bytes?: TSchema | Media;
  readonly headers?: readonly ('Idempotency-Key' | 'If-Match')[];
  readonly answers: Readonly<Record<number, TSchema | Media>>;
  /** Beside those that follow from the rest of the declaration: see `errorsOf`. */
  readonly errors?: readonly ErrorCode[];
  /** Why the answer is not reduced to its declared fields. */
  readonly unlocked?: string;
}

/** Who may call it: a line of the matrix in `contract/permissions.ts`, and of nothing else. */
export function permissionOf({ method, path }: Pick<Declaration, 'method' | 'path'>, matrix: Permissions = PERMISSIONS): Permission {
  const address = `${method} ${path}`;
  assert(Object.hasOwn(matrix, address), `${address} stands in the matrix of permissions (packages/contract/src/permissions.ts)`);
  return matrix[address] as Permission;
}

const READING_BYTES: readonly ErrorCode[] = ['request.too_large', 'request.unsupported_media_type', 'request.timeout', 'server.full'];
/** Said before anybody knows what was asked for. */
const BEFORE_IT_IS_ONE: readonly ErrorCode[] = ['request.encoded', 'request.headers_too_large', 'request.not_http'];
const READING_JSON: readonly ErrorCode[] = [...READING_BYTES, 'request.not_json', 'request.too_deep', 'request.invalid'];

const refusesSomebody = ({ roles, shops }: Exclude<Permission, 'anybody'>): boolean => shops === 'every' || roles.length < ROLES.length;

function readingOf(bytes: TSchema | Media): readonly ErrorCode[] {
  if (!isMedia(bytes)) return READING_JSON;
  return bytes === ANY_MEDIA ? READING_BYTES.filter((code) => code !== 'request.unsupported_media_type') : READING_BYTES;
}

/** Every code with which the route may say no, in the order of their causes. */
export function errorsOf(declared: Declaration): readonly ErrorCode[] {
  const { query, body, bytes, headers, errors = [] } = declared;
  const found: ErrorCode[] = [];
  if (query !== undefined || headers !== undefined) found.push('request.invalid');
  if (body !== undefined) found.push(...READING_JSON);
  if (bytes !== undefined) found.push(...readingOf(bytes));
  const permission = permissionOf(declared);
  if (permission !== 'anybody') found.push('request.unauthenticated');
  if (permission !== 'anybody' && refusesSomebody(permission)) found.push('request.forbidden');
  return [
    ...new Set<ErrorCode>([
      ...found,
      ...errors,
      ...BEFORE_IT_IS_ONE,
      'request.too_many',
      'server.busy',
      'server.disk_full',
      'server.stopping',
      'server.fault',
    ]),
  ];
}
