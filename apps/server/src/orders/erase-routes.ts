/** Erasing a person's data, of one order or of all orders of a phone. Each is a command on the road of any other, so no message can come in between. */
import { EraseAnswer, ErasePhoneAnswer, LaterAnswer } from '@weir/contract';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { audit } from '#access';
import { answer, idempotencyKeyOf, SUBMIT_ERRORS, type Submitted } from '#intake';
import { type Caller, Refusal, route } from '#web';
import { phoneDigits } from './bundle.ts';
import type { Command } from './command.ts';
import { readOrdersOfPhone, type Reached } from './erase-store.ts';
import { endingOf } from './note-command.ts';
import { type OrderDeps, orderOf } from './order-of.ts';

const strict = { additionalProperties: false } as const;
/** Why data may go. */
const ERASE_PURPOSES = ['person_asked', 'law', 'mistake'] as const;
const asked = {
  purpose: Type.Enum([...ERASE_PURPOSES]),
  /** A case number and the like; no personal text belongs here. */
  reference: Type.Optional(Type.String({ maxLength: 100, pattern: '^[A-Za-z0-9._/-]*$' })),
  evenOpen: Type.Optional(Type.Boolean({ description: 'also while the order goes on; then nobody can deliver it' })),
};
/** Of one phone: beyond it one asks again. */
const MOST_ORDERS = 1_000;
const AT_ONCE = 50;
const DAY_MS = 86_400_000;

interface Asked {
  readonly purpose: (typeof ERASE_PURPOSES)[number];
  readonly reference?: string;
  readonly evenOpen?: boolean;
}
type Target = Pick<Reached, 'orderKey' | 'channel' | 'shop' | 'id'>;

export function eraseRoutes(app: FastifyInstance, deps: OrderDeps): void {
  const one = {
    id: 'eraseOrder',
    method: 'POST',
    path: '/v1/orders/{key}:erase',
    tag: 'orders',
    zh: '删除一个订单的个人信息，不可恢复；留审计',
    en: 'erases the personal data of one order, for good; audited',
    body: Type.Object(asked, strict),
    headers: ['Idempotency-Key'],
    answers: { 200: EraseAnswer, 202: LaterAnswer },
    errors: [...SUBMIT_ERRORS, 'order.not_found', 'order.forgotten', 'order.still_open'],
  } as const;
  route(app, one, async ({ request, reply, caller, params, body }) => {
    const order = await orderOf(deps.db, caller, params.key);
    const submitted = await erase(deps, caller, { ...order, id: order.channelOrderId }, body, idempotencyKeyOf(request));
    if (submitted.kind !== 'outcome' || submitted.outcome.result === 'refused') return answer(reply, submitted);
    const { outcome } = submitted;
    return { orderKey: order.orderKey, version: outcome.version ?? order.version, result: outcome.result, rawGoneBy: rawGoneBy(deps) };
  });
  phoneRoute(app, deps);
}

function phoneRoute(app: FastifyInstance, deps: OrderDeps): void {
  const declaration = {
    id: 'eraseOrdersOfPhone',
    method: 'POST',
    path: '/v1/orders:erase',
    tag: 'orders',
    zh: '删除一个电话号码的全部订单的个人信息：先不带 expected 看数量，再带上这个数量执行',
    en: 'erases the personal data of every order of a phone: first without `expected` to see how many, then with that number',
    body: Type.Object(
      {
        phone: Type.String({ minLength: 5, maxLength: 40 }),
        expected: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ORDERS })),
        ...asked,
      },
      strict,
    ),
    answers: { 200: ErasePhoneAnswer },
    errors: ['erase.other_count'],
  } as const;
  route(app, declaration, async ({ caller, body: { phone, expected, ...why } }) => {
    const token = deps.keys.blindToken(phoneDigits(phone));
    const found = await readOrdersOfPhone(deps.db, token, caller.shops, '', MOST_ORDERS);
    const targets = why.evenOpen ? found : found.filter(({ isEnded }) => isEnded);
    const counts = {
      orders: targets.length,
      stillOpen: found.filter(({ isEnded }) => !isEnded).length,
      more: found.length === MOST_ORDERS,
    };
    const note = (more: object): Promise<void> =>
      audit(deps.db, deps.clock.now(), caller, 'order.erase_by_phone', null, { ...why, ...counts, ...more });
    const keys = targets.map(({ orderKey }) => orderKey);
    if (expected === undefined) {
      await note({ preview: true });
      return { ...counts, orderKeys: keys, erased: false, rawGoneBy: rawGoneBy(deps) };
    }
    if (expected !== targets.length) {
      await note({ code: 'erase.other_count', expected });
      throw new Refusal('erase.other_count', { expected, orders: targets.length });
    }
    const erased: string[] = [];
    for (let from = 0; from < targets.length; from += AT_ONCE)
      await Promise.all(
        targets.slice(from, from + AT_ONCE).map(async (target) => {
          if (isTaken(await erase(deps, caller, target, why, undefined))) erased.push(target.orderKey);
        }),
      );
    await note({ erased: erased.length });
    return { ...counts, orderKeys: erased, erased: true, rawGoneBy: rawGoneBy(deps) };
  });
}

async function erase(
  deps: OrderDeps,
  caller: Caller,
  { orderKey, channel, shop, id }: Target,
  { purpose, reference, evenOpen = false }: Asked,
  key: ReturnType<typeof idempotencyKeyOf>,
): Promise<Submitted> {
  const command: Command = { verb: 'erase', evenOpen };
  const subject = { kind: 'order', channel, shop, id } as const;
  const bytes = Buffer.from(JSON.stringify(command));
  const submitted = await deps.submit({ kind: 'command', subject, bytes, parsed: command }, caller, key);
  const isErased = submitted.kind === 'outcome' && submitted.outcome.result !== 'refused';
  await audit(deps.db, deps.clock.now(), caller, isErased ? 'order.erased' : 'order.erase_asked', orderKey, {
    purpose,
    evenOpen,
    ...(reference ? { reference } : {}),
    ...endingOf(submitted),
  });
  return submitted;
}

/** Done, or stored and sure to be done. */
const isTaken = (submitted: Submitted): boolean =>
  submitted.kind === 'later' || (submitted.kind === 'outcome' && submitted.outcome.result !== 'refused');

/** The last day of which raw bytes may still hold the person: whole days are dropped. */
const rawGoneBy = ({ clock, rawKeptMs }: OrderDeps): string => new Date(clock.now() + rawKeptMs + DAY_MS).toISOString().slice(0, 10);
