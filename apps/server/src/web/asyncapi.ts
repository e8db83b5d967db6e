/** The AsyncAPI 3 document of the webhooks, made from the same schemas as the events. Pure. */
import { WEBHOOK_TYPES, webhookBody, webhookExample, WebhookHeaders, type WebhookType } from '@weir/contract';
import { createSchemas } from './openapi.ts';

const EXAMPLE_HEADERS = {
  'webhook-id': 'evt-17-88420000002.ep_0mi6z1k8y0000000000000000',
  'webhook-timestamp': '1771590180',
  'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
};
const ABOUT = `堰的推送。每个订单的版本按序到达，同一次投递重试时 webhook-id 不变；回答 2xx 表示收下，可以带 weir-state-digest。用法见 docs/webhooks.md。
The webhooks of Weir. Versions of an order arrive in order, a delivery keeps its webhook-id over all tries; 2xx takes it, and may carry weir-state-digest. How to use them: docs/webhooks.md.`;

export function asyncApiOf(version: string): object {
  const schemas = createSchemas();
  const types = Object.keys(WEBHOOK_TYPES) as WebhookType[];
  const messages = Object.fromEntries(
    types.map((type) => [
      type,
      {
        name: `weir.${type}`,
        title: `${WEBHOOK_TYPES[type].zh} / ${WEBHOOK_TYPES[type].en}`,
        contentType: 'application/cloudevents+json',
        headers: schemas.refer(WebhookHeaders),
        payload: schemas.refer(webhookBody(type)),
        examples: [{ name: type, headers: EXAMPLE_HEADERS, payload: webhookExample(type) }],
      },
    ]),
  );
  return {
    asyncapi: '3.0.0',
    info: { title: 'Weir 堰: webhooks', version, description: ABOUT, license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/cloudevents+json',
    channels: {
      endpoint: {
        address: null, // each subscriber's own: POST /v1/endpoints
        title: '订阅端点 / an endpoint',
        messages: Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
      },
    },
    operations: {
      deliver: {
        action: 'send',
        channel: { $ref: '#/channels/endpoint' },
        title: '投递 / deliver',
        bindings: { http: { method: 'POST' } },
        messages: types.map((type) => ({ $ref: `#/channels/endpoint/messages/${type}` })),
      },
    },
    components: { messages, schemas: schemas.named },
  };
}
