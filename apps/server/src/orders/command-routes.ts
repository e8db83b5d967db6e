/** Asking something of one order: each command travels as a message and answers with its outcome. */
import { LaterAnswer, OutcomeAnswer } from '@weir/contract';
import { ORDER_LIMITS, Receiver, ShipmentLine } from '@weir/contract/neutral-order';
import { Id, InstantText } from '@weir/contract/values';
import { MOVES } from '@weir/core';
import type { ErrorCode } from '@weir/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type Static, type TSchema } from 'typebox';
import { answer, idempotencyKeyOf, requireShop, type Submit, SUBMIT_ERRORS } from '#intake';
import { callerOf, ifMatch, route } from '#web';
import type { Command } from './command.ts';
import type { Order } from './order.ts';
import { noteCommand } from './note-command.ts';
import { type OrderDeps, orderOf } from './order-of.ts';

const strict = { additionalProperties: false } as const;
const MAX_PARCELS_AT_ONCE = 50;
const LeavingParcel = Type.Object(
  {
    id: Type.Optional(Id),
    carrier: Id,
    trackingNumber: Id,
    at: Type.Optional(InstantText),
    lines: Type.Optional(Type.Array(ShipmentLine, { minItems: 1, maxItems: ORDER_LIMITS.lines })),
  },
  strict,
);
const HOLDING: readonly ErrorCode[] = ['hold.not_found', 'hold.not_releasable'];

export async function sendCommand(
  deps: OrderDeps,
  request: FastifyRequest,
  order: Order,
  command: Command,
): Promise<Awaited<ReturnType<Submit>>> {
  const caller = callerOf(request);
  await requireShop(deps.db, caller, order.channel, order.shop);
  const match = ifMatch(request);
  const full: Command = match === undefined ? command : { ...command, ifMatch: match };
  const subject = { kind: 'order', channel: order.channel, shop: order.shop, id: order.channelOrderId } as const;
  return deps.submit(
    { kind: 'command', subject, bytes: Buffer.from(JSON.stringify(full)), parsed: full },
    caller,
    idempotencyKeyOf(request),
  );
}

/** With what a command is declared and answered; the codes are those that its own decision may give beside the usual ones. */
export const COMMAND_ANSWERS = { 200: OutcomeAnswer, 202: LaterAnswer } as const;
export const COMMAND_ERRORS: readonly ErrorCode[] = [
  ...SUBMIT_ERRORS,
  'request.shop_forbidden',
  'request.version_mismatch',
  'order.not_found',
  'order.forgotten',
];

export function commandRoutes(app: FastifyInstance, deps: OrderDeps): void {
  const command = <T extends TSchema>(
    verb: string,
    words: { readonly zh: string; readonly en: string },
    body: T,
    errors: readonly ErrorCode[],
    toCommand: (body: Static<T>) => Command,
  ): void =>
    route(
      app,
      {
        id: `${verb}Order`,
        method: 'POST',
        path: `/v1/orders/{key}:${verb}`,
        tag: 'orders',
        ...words,
        body,
        headers: ['Idempotency-Key', 'If-Match'],
        answers: COMMAND_ANSWERS,
        errors: [...COMMAND_ERRORS, ...errors],
      },
      async ({ request, reply, caller, params, body: asked }) => {
        const order = await orderOf(deps.db, caller, params.key);
        const wish = toCommand(asked as Static<T>);
        const submitted = await sendCommand(deps, request, order, wish);
        await noteCommand(deps, caller, order, wish, submitted);
        return answer(reply, submitted);
      },
    );
  command(
    'cancel',
    { zh: '取消；已有发货则拒绝', en: 'cancels; refused once something has shipped' },
    Type.Object({ reason: Type.Optional(Type.String({ maxLength: 500 })) }, strict),
    ['order.already_ended', 'order.has_shipped'],
    (body) => ({ verb: 'cancel', ...body }),
  );
  command(
    'hold',
    { zh: '挂起：此后除结束外什么都不能做', en: 'holds: nothing but an ending is possible from now on' },
    Type.Object({ why: Type.String({ minLength: 1, maxLength: 500 }) }, strict),
    [],
    (body) => ({ verb: 'hold', ...body }),
  );
  command(
    'release',
    {
      zh: '解除人工挂起；也可放行已看过的售后挂起，退款再有变化时会重新挂起',
      en: "ends a person's hold; lets an after-sale that was looked at pass, until something of its refunds is new",
    },
    Type.Object({ holdId: Type.String({ maxLength: 300 }) }, strict),
    HOLDING,
    (body) => ({ verb: 'release', ...body }),
  );
  command(
    'changeAddress',
    { zh: '改收货地址；发货后拒绝', en: 'changes the address; refused once it has shipped' },
    Type.Object({ receiver: Receiver }, strict),
    ['order.address_final', 'order.erased'],
    (body) => ({ verb: 'changeAddress', ...body }),
  );
  command(
    'move',
    { zh: '推进订单行：分配、拣货、打包、出库', en: 'moves lines on: allocated, picked, packed, shipped' },
    Type.Object(
      { to: Type.Enum([...MOVES]), lines: Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { minItems: 1, maxItems: 500 })) },
      strict,
    ),
    ['order.no_status', 'order.is_held', 'order.line_not_found', 'order.step_not_allowed'],
    (body) => ({ verb: 'move', ...body }),
  );
  command(
    'ship',
    {
      zh: '告知包裹已离开：可分行、分件、多个包裹；同一 id 再来即更正运单号；重复无害',
      en: 'reports that parcels left: by line and piece, several at once; the same id again corrects its number; repeats are harmless',
    },
    Type.Object({ shipments: Type.Array(LeavingParcel, { minItems: 1, maxItems: MAX_PARCELS_AT_ONCE }) }, strict),
    [
      'order.no_status',
      'order.is_held',
      'order.not_paid',
      'order.already_ended',
      'order.line_not_found',
      'order.step_not_allowed',
      'order.nothing_to_ship',
      'order.too_many_pieces',
      'order.tracking_number_known',
      'order.too_many_corrections',
      'order.impossible_ship_time',
    ],
    (body) => ({ verb: 'ship', ...body }),
  );
}
