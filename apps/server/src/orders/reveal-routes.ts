/** `:reveal`: the purpose-bound opening of sealed fields. */
import { RevealAnswer } from '@weir/contract';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { PURPOSES, REVEAL_FIELDS, reveal } from '#access';
import { Refusal, route } from '#web';
import { sealedBundleOf } from './bundle.ts';
import { type OrderDeps, orderOf } from './order-of.ts';

/** For how long a screen shows what was opened. */
const SHOW_SECONDS = 30;
const strict = { additionalProperties: false } as const;

export function revealRoutes(app: FastifyInstance, deps: OrderDeps): void {
  const declaration = {
    id: 'revealOrder',
    method: 'POST',
    path: '/v1/orders/{key}:reveal',
    tag: 'orders',
    zh: '按用途查看个人信息；每次都留审计，有次数上限',
    en: 'opens personal fields for a purpose; audited, and counted against a daily quota',
    body: Type.Object(
      {
        fields: Type.Array(Type.Enum([...REVEAL_FIELDS]), { minItems: 1, maxItems: REVEAL_FIELDS.length }),
        purpose: Type.Optional(Type.Enum([...PURPOSES])),
        note: Type.Optional(Type.String({ maxLength: 500 })),
      },
      strict,
    ),
    answers: { 200: RevealAnswer },
    errors: ['request.forbidden', 'reveal.purpose_missing', 'reveal.quota', 'order.not_found', 'order.forgotten', 'order.erased'],
  } as const;
  route(app, declaration, async ({ caller, params, body: { fields, purpose, note } }) => {
    if (purpose === undefined) throw new Refusal('reveal.purpose_missing');
    const order = await orderOf(deps.db, caller, params.key);
    if (order.facts.erasedAt !== undefined) throw new Refusal('order.erased');
    const revealed = await reveal(deps, sealedBundleOf(deps.keys, order), {
      caller,
      subject: order.orderKey,
      fields,
      purpose,
      ...(note ? { note } : {}),
    });
    if (!revealed.ok) throw new Refusal(revealed.code, revealed.params);
    return { orderKey: order.orderKey, values: revealed.values, showSeconds: SHOW_SECONDS };
  });
}
