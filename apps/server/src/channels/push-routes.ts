/** `/v1/intake/{channel}/{app}`: where a platform pushes, and tries our address before it does. */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Knock } from '@weir/connectors/adapter';
import { ANY_MEDIA, Refusal, route } from '#web';
import type { PushDoor } from './take-push.ts';

const words = Type.Unknown({ description: 'in the channel’s own words' });
const UNLOCKED = 'the channel says how it wants to be answered; nothing of ours is in it';

export async function pushRoutes(app: FastifyInstance, door: PushDoor): Promise<void> {
  await app.register(async (scope) => {
    // Whatever a platform calls its bytes: their form is the connector's affair.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', app.readBody);
    take(scope, door);
    check(scope, door);
  });
}

function take(app: FastifyInstance, door: PushDoor): void {
  const declaration = {
    id: 'takePush',
    method: 'POST',
    path: '/v1/intake/{channel}/{app}',
    tag: 'channels',
    zh: '渠道平台的推送：验签，原样入库后按平台要求应答；签名不对即拒绝并计数',
    en: 'a push of a channel: its signature is checked, its bytes are stored, and only then it is answered as the channel wants; a wrong signature is refused and counted',
    bytes: ANY_MEDIA,
    answers: { 200: words, 403: words, 503: words },
    errors: ['request.not_found'],
    unlocked: UNLOCKED,
  } as const;
  route(app, declaration, async ({ request, reply, params }) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const answer = await door.take(params.channel, params.app, { method: 'POST', headers: request.headers, query: queryOf(request), body });
    if (answer === null) throw new Refusal('request.not_found');
    return reply.status(answer.status).send(answer.body);
  });
}

function check(app: FastifyInstance, door: PushDoor): void {
  const declaration = {
    id: 'checkPushAddress',
    method: 'GET',
    path: '/v1/intake/{channel}/{app}',
    tag: 'channels',
    zh: '渠道平台登记推送地址时的校验：签名对才按平台要求回话，否则拒绝并计数',
    en: 'a channel tries our address before it pushes there: it hears what it wants to if its signature is right, else it is refused and counted',
    answers: { 200: words, 403: words, 503: words },
    errors: ['request.not_found'],
    unlocked: UNLOCKED,
  } as const;
  route(app, declaration, async ({ request, reply, params }) => {
    const knock: Knock = { method: 'GET', headers: request.headers, query: queryOf(request), body: Buffer.alloc(0) };
    const answer = await door.take(params.channel, params.app, knock);
    if (answer === null) throw new Refusal('request.not_found');
    return reply.status(answer.status).send(answer.body);
  });
}

/** As it came: its names and values are part of what is signed. */
const queryOf = ({ query }: { readonly query: unknown }): Knock['query'] => query as Knock['query'];
