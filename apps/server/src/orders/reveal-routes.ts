/** `:reveal`: the purpose-bound opening of sealed fields. */
import { setTimeout as wait } from 'node:timers/promises';
import { RevealAnswer } from '@weir/contract';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { type OpenedToken, PURPOSES, REVEAL_FIELDS, reveal } from '#access';
import { Refusal, route } from '#web';
import { sealedBundleOf } from './bundle.ts';
import type { Order } from './order.ts';
import { type OrderDeps, orderOf } from './order-of.ts';

/** For how long a screen shows what was opened. */
const SHOW_SECONDS = 30;
const strict = { additionalProperties: false } as const;

/** Whoever waits before a screen waits no longer for a channel than this. */
const CHANNEL_MS = 15_000;
const HOUR_MS = 3_600_000;

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
        fromChannel: Type.Optional(
          Type.Boolean({
            description: 'asks the channel what the receiver’s token stands for; counts against its quota, and is stored nowhere',
          }),
        ),
        note: Type.Optional(Type.String({ maxLength: 500 })),
      },
      strict,
    ),
    answers: { 200: RevealAnswer },
    errors: [
      'request.forbidden',
      'reveal.purpose_missing',
      'reveal.quota',
      'reveal.not_from_channel',
      'reveal.channel_refused',
      'reveal.channel_unavailable',
      'reveal.channel_quota',
      'order.not_found',
      'order.forgotten',
      'order.erased',
    ],
  } as const;
  route(app, declaration, async ({ caller, params, body: { fields, purpose, note, fromChannel } }) => {
    if (purpose === undefined) throw new Refusal('reveal.purpose_missing');
    const order = await orderOf(deps.db, caller, params.key);
    if (order.facts.erasedAt !== undefined) throw new Refusal('order.erased');
    const revealed = await reveal(deps, sealedBundleOf(deps.keys, order), {
      caller,
      subject: order.orderKey,
      fields,
      purpose,
      ...(note ? { note } : {}),
      ...(fromChannel === true ? { openToken: (token: string) => openToken(deps, order, token) } : {}),
    });
    if (!revealed.ok) throw new Refusal(revealed.code, revealed.params);
    return { orderKey: order.orderKey, values: revealed.values, showSeconds: SHOW_SECONDS };
  });
}

/** The channel's own words are not passed on: they may quote what we sent. */
async function openToken(deps: OrderDeps, { channel, shop, channelOrderId: id }: Order, token: string): Promise<OpenedToken> {
  const late = new AbortController();
  const opened = await Promise.race([
    deps.openReceiver({ kind: 'order', channel, shop, id }, token),
    wait(CHANNEL_MS, 'late' as const, { signal: late.signal }),
  ]).finally(() => late.abort());
  if (opened === null) return { ok: false, code: 'reveal.not_from_channel', params: {} };
  if (opened === 'late') return { ok: false, code: 'reveal.channel_unavailable', params: { code: 'timeout' } };
  if (opened.ok) return { ok: true, receiver: opened.value };
  if ('usedUp' in opened) {
    const { perDay, againInMs } = opened.usedUp;
    return { ok: false, code: 'reveal.channel_quota', params: { limit: perDay, hours: Math.ceil(againInMs / HOUR_MS) } };
  }
  const { class: kind, code, subCode } = opened.failure;
  const isForLater = kind === 'retry' || kind === 'throttled' || kind === 'token_expired';
  return {
    ok: false,
    code: isForLater ? 'reveal.channel_unavailable' : 'reveal.channel_refused',
    params: { code: [code, subCode].filter((part) => part !== '').join(' · ') },
  };
}
