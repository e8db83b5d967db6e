/** What the routes of this room say about themselves; `routes.ts` reads its bodies by these very schemas. */
import { EndpointDone, EndpointList, EndpointMade, SecretRotated } from '@weir/contract';
import Type from 'typebox';
import { type Declaration } from '#web';

/** What may be asked for: event types, top-level fields of the public state, personal fields. Told by `main.ts`. */
export interface Words {
  readonly eventTypes: readonly string[];
  readonly fields: readonly string[];
  readonly personalFields: readonly string[];
}
const someOf = (words: readonly string[]) => Type.Array(Type.Enum([...words]), { minItems: 1, maxItems: words.length });

const NAME = Type.String({ minLength: 1, maxLength: 100 });
const URL_TEXT = Type.String({ maxLength: 2_000, pattern: '^https?://' });
export const newEndpointBody = ({ eventTypes, fields, personalFields }: Words) =>
  Type.Object(
    {
      name: NAME,
      url: URL_TEXT,
      eventTypes: Type.Optional(someOf(eventTypes)),
      fields: Type.Optional(someOf(fields)),
      personalFields: Type.Optional(someOf(personalFields)),
      shops: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 1_000 })),
      startAt: Type.Optional(Type.Enum(['earliest', 'now'])),
    },
    { additionalProperties: false },
  );

export const createEndpoint = <Body extends ReturnType<typeof newEndpointBody>>(body: Body) =>
  ({
    id: 'createEndpoint',
    method: 'POST',
    path: '/v1/endpoints',
    tag: 'endpoints',
    zh: '新建订阅端点；密钥只显示这一次',
    en: 'makes a webhook endpoint; its secret is shown this once',
    body,
    answers: { 201: EndpointMade },
    errors: ['endpoint.address_refused'],
  }) as const satisfies Declaration;

export const LIST_ENDPOINTS = {
  id: 'listEndpoints',
  method: 'GET',
  path: '/v1/endpoints',
  tag: 'endpoints',
  zh: '订阅端点：进度、停靠、最近的错误',
  en: 'webhook endpoints: how far, what is parked, the last error',
  answers: { 200: EndpointList },
} as const satisfies Declaration;

const MOST_HOURS = 168;
export const USUAL_HOURS = 24;
export const ROTATE_SECRET = {
  id: 'rotateSecret',
  method: 'POST',
  path: '/v1/endpoints/{id}:rotateSecret',
  tag: 'endpoints',
  zh: '换一个签名密钥，只显示这一次；旧密钥在 keepOldHours 小时内（默认 24，0 表示全部立即作废）同时有效，更早的到它自己的时间为止；投递带全部有效密钥的签名，所以答复丢了可以再换一次',
  en: 'a new signing secret, shown this once; for keepOldHours (24 unless said, 0: all old ones end at once) the old one is live too, earlier ones for their own time; deliveries carry the signatures of all that are live, so it may be asked again when the answer was lost',
  body: Type.Object({ keepOldHours: Type.Optional(Type.Integer({ minimum: 0, maximum: MOST_HOURS })) }, { additionalProperties: false }),
  answers: { 200: SecretRotated },
  errors: ['endpoint.not_found'],
} as const satisfies Declaration;

export const CHANGE_ENDPOINT = {
  id: 'changeEndpoint',
  method: 'POST',
  path: '/v1/endpoints/{id}:change',
  tag: 'endpoints',
  zh: '改名称或地址；密钥、进度和停靠的订单不变。换了地址的，停靠和已放弃的订单现在就投递到新地址；因 410 停下的恢复投递',
  en: 'another name or address; secret, progress and parked orders stay. At another address what is parked or was given up is tried now, and one that had ended with 410 goes on',
  body: Type.Object({ name: Type.Optional(NAME), url: Type.Optional(URL_TEXT) }, { additionalProperties: false, minProperties: 1 }),
  answers: { 200: EndpointDone },
  errors: ['endpoint.not_found', 'endpoint.address_refused'],
} as const satisfies Declaration;

const VERBS = {
  pause: { zh: '暂停', en: 'pauses it' },
  resume: {
    zh: '继续；停靠和已放弃的订单现在就投递（正在投递的端点也可以）',
    en: 'lets it go on; what is parked or was given up is tried now (also of one that is active)',
  },
  remove: { zh: '移除', en: 'removes it' },
} as const;
export const endpointVerb = (name: keyof typeof VERBS) =>
  ({
    id: `${name}Endpoint`,
    method: 'POST',
    path: `/v1/endpoints/{id}:${name}`,
    tag: 'endpoints',
    ...VERBS[name],
    answers: { 200: EndpointDone },
    errors: ['endpoint.not_found'],
  }) as const satisfies Declaration;
