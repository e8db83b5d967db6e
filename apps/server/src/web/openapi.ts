/** The OpenAPI 3.1 document, made from what the routes declare. Pure. */
import { ERRORS, type ErrorCode, type Permission, ProblemBody, ROLES, SHOP_RULES } from '@weir/contract';
import type { TSchema } from 'typebox';
import { type Declaration, errorsOf, isMedia, type Media, permissionOf, TAGS } from './declaration.ts';

type Json = Readonly<Record<string, unknown>>;
const JSON_MEDIA = 'application/json';
const HEADERS = {
  'Idempotency-Key': {
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' },
    description:
      '24 小时内同一个键只生效一次，内容不同则拒绝 / within 24 h the same key takes effect once; with other content it is refused',
  },
  'If-Match': { schema: { type: 'string' }, description: '只在订单仍是这一版时执行 / only while the order is at this version: `"7"`' },
} as const;
const ABOUT = `堰 Weir 的接口。每个拒绝都是 RFC 9457 文档；时间为 ISO 8601，金额为恰好两位小数的文本。
The API of Weir. Every "no" is an RFC 9457 document; times are ISO 8601, amounts text with exactly two decimals.`;

export function openApiOf(declared: readonly Declaration[], version: string): Json {
  const schemas = createSchemas();
  const paths: Record<string, Record<string, Json>> = {};
  for (const each of declared) (paths[each.path] ??= {})[each.method.toLowerCase()] = operationOf(each, schemas);
  return {
    openapi: '3.1.1',
    info: { title: 'Weir 堰', version, description: ABOUT, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, { zh, en }]) => ({ name, description: `${zh} / ${en}` })),
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: '`weir token create`' },
        session: { type: 'apiKey', in: 'cookie', name: 'weir_session', description: 'POST /v1/login' },
      },
      schemas: schemas.named,
    },
  };
}

interface Schemas {
  readonly named: Record<string, unknown>;
  /** The schema with every named part of it moved to `components` and referred to. */
  refer(schema: TSchema): unknown;
}

export function createSchemas(): Schemas {
  const named: Record<string, unknown> = {};
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const { $id, ...rest } = value as { $id?: string };
    const plain = (): Json => Object.fromEntries(Object.entries(rest).map(([name, each]) => [name, walk(each)]));
    if (typeof $id !== 'string') return plain();
    if (!Object.hasOwn(named, $id)) {
      named[$id] = {}; // stands here while its own parts are walked
      named[$id] = plain();
    }
    return { $ref: `#/components/schemas/${$id}` };
  };
  return { named, refer: walk };
}

function operationOf(declared: Declaration, schemas: Schemas): Json {
  const { id, tag, zh, en } = declared;
  const permission = permissionOf(declared);
  return {
    operationId: id,
    tags: [tag],
    summary: `${zh} / ${en}`,
    description: whoMay(permission),
    'x-zh': zh,
    'x-en': en,
    'x-permission': permission,
    security: permission === 'anybody' ? [] : [{ token: [] }, { session: [] }],
    ...parametersOf(declared, schemas),
    ...requestBodyOf(declared, schemas),
    responses: { ...answersOf(declared, schemas), ...refusalsOf(declared, schemas) },
  };
}

function whoMay(permission: Permission): string {
  if (permission === 'anybody') return '任何人 / anybody';
  const { roles, shops } = permission;
  const who = roles.length === ROLES.length ? '任何已登录的人或有效令牌 / anyone known' : `角色 / roles: ${roles.join(', ')}`;
  return `${who}\n${SHOP_RULES[shops].zh} / ${SHOP_RULES[shops].en}`;
}

function parametersOf({ path, query, headers = [] }: Declaration, schemas: Schemas): Json {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1 },
  }));
  const inQuery = Object.entries((query?.properties ?? {}) as Record<string, TSchema>).map(([name, schema]) => ({
    name,
    in: 'query',
    schema: schemas.refer(schema),
  }));
  const inHeader = headers.map((name) => ({ name, in: 'header', ...HEADERS[name] }));
  const all = [...inPath, ...inQuery, ...inHeader];
  return all.length === 0 ? {} : { parameters: all };
}

const contentOf = (what: TSchema | Media, schemas: Schemas): Json => {
  if (!isMedia(what)) return { [JSON_MEDIA]: { schema: schemas.refer(what) } };
  const lines = what.line && { 'x-line': schemas.refer(what.line) };
  return { [what.media]: { schema: { type: 'string', ...lines } } };
};

function requestBodyOf({ body, bytes }: Declaration, schemas: Schemas): Json {
  const what = body ?? bytes;
  return what === undefined ? {} : { requestBody: { required: true, content: contentOf(what, schemas) } };
}

const answersOf = ({ answers }: Declaration, schemas: Schemas): Json =>
  Object.fromEntries(
    Object.entries(answers).map(([status, what]) => [status, { description: meaningOf(status), content: contentOf(what, schemas) }]),
  );
const MEANINGS: Readonly<Record<string, string>> = {
  200: '好 / done',
  201: '已新建 / created',
  202: '已保存，稍后可查结果 / stored; ask for the outcome later',
  503: '暂不可用 / not available now',
};
const meaningOf = (status: string): string => MEANINGS[status] ?? status;

function refusalsOf(declared: Declaration, schemas: Schemas): Json {
  const byStatus = Map.groupBy(errorsOf(declared), (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus]
      .filter(([status]) => !(status in declared.answers))
      .map(([status, codes]) => [
        status,
        {
          description: codes.map(sentenceOf).join('\n'),
          content: { 'application/problem+json': { schema: refusalSchema(codes, schemas) } },
        },
      ]),
  );
}
const sentenceOf = (code: ErrorCode): string => `- \`${code}\` ${ERRORS[code].zh} / ${ERRORS[code].en}`;
const refusalSchema = (codes: readonly ErrorCode[], schemas: Schemas): Json => ({
  allOf: [schemas.refer(ProblemBody), { properties: { code: { enum: codes } } }],
});
