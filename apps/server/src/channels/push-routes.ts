/** `POST /v1/intake/{channel}/{app}`: where a platform pushes. */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Knock } from '@weir/connectors/adapter';
import { Refusal, route } from '#web';
import type { PushDoor } from './take-push.ts';

export function pushRoutes(app: FastifyInstance, door: PushDoor): void {
  const words = Type.Unknown({ description: 'in the channel’s own words' });
  const declaration = {
    id: 'takePush',
    method: 'POST',
    path: '/v1/intake/{channel}/{app}',
    tag: 'channels',
    zh: '渠道平台的推送：验签，原样入库后按平台要求应答；签名不对即拒绝并计数',
    en: 'a push of a channel: its signature is checked, its bytes are stored, and only then it is answered as the channel wants; a wrong signature is refused and counted',
    bytes: { media: 'application/json' },
    answers: { 200: words, 403: words, 503: words },
    errors: ['request.not_found'],
    unlocked: 'the channel says how it wants to be answered; nothing of ours is in it',
  } as const;
  route(app, declaration, async ({ request, reply, params }) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const query = request.query as Knock['query'];
    const answer = await door.take(params.channel, params.app, { method: 'POST', headers: request.headers, query, body });
    if (answer === null) throw new Refusal('request.not_found');
    return reply.status(answer.status).send(answer.body);
  });
}
