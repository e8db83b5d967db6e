/** What of the evidence is allowed: the few places where a personal value may stand, taken out before the rest is searched. */
import type { Reply } from './collect.ts';
import type { Driven } from './drive.ts';
import { type Evidence, type Leak, leaksIn } from './find.ts';
import { needlesOf } from './planted.ts';
import { REVIEWED } from './reviewed.ts';

const ORDER = /^\/v1\/orders\/[0-9A-Z]+$/;
const TIMELINE = /^\/v1\/orders\/[0-9A-Z]+\/events$/;
const REVEAL = /^\/v1\/orders\/[0-9A-Z]+:reveal$/;

interface Held {
  holds?: { why?: string }[];
  mayShip?: { code: string; detail?: string }[];
}
interface Body extends Held {
  items?: { state: Held }[];
  personal?: Record<string, Record<string, unknown> | undefined>;
  values?: Record<string, unknown>;
}
/** The answer without what this caller was entitled to; everything else in it stays and is searched. */
function withoutGranted({ who, path, status, text }: Reply): string {
  if (status !== 200 || who.role === null || !(ORDER.test(path) || TIMELINE.test(path) || REVEAL.test(path))) return text;
  const body = JSON.parse(text) as Body;
  if (REVIEWED.readsHoldWords.includes(who.role))
    for (const held of [body, ...(body.items ?? []).map(({ state }) => state)]) dropWords(held);
  if (REVEAL.test(path)) for (const field of REVIEWED.reveal[who.role]) delete body.values?.[field];
  if (ORDER.test(path) && !REVIEWED.shownToNone.includes(who.role))
    for (const [, part = '', field = ''] of REVIEWED.shown.map((pointer) => pointer.split('/'))) delete body.personal?.[part]?.[field];
  if (ORDER.test(path) && REVIEWED.readsCancelReason.includes(who.role)) delete body.personal?.['cancelReason'];
  return JSON.stringify(body);
}
/** Why an order may not ship says the same once more. */
function dropWords({ holds = [], mayShip = [] }: Held): void {
  for (const hold of holds) delete hold.why;
  for (const reason of mayShip) if (reason.code === 'hold.person') delete reason.detail;
}
const evidenceOf = (reply: Reply): Evidence => ({ where: reply.request, text: `${reply.headers}\n${withoutGranted(reply)}` });

/** Every guilty value that was seen where it must not be, and every name of our people that left the house. */
export const guiltySeen = ({ replies, logs, stored, streams, webhooks, planter }: Driven): Leak[] => [
  ...leaksIn([...replies.map(evidenceOf), ...logs, ...stored, ...streams, ...webhooks], planter.guilty),
  ...leaksIn(webhooks, planter.ours),
];

/** Every token that is told or kept anywhere but in the answer that made it, and how many were made. */
export function tokensSeen({ replies, logs, stored, streams, webhooks }: Driven): {
  readonly made: number;
  readonly leaks: readonly Leak[];
} {
  const made = replies.filter(({ path, status }) => path === '/v1/tokens' && status === 201);
  const canaries = made.map(({ text }, i) => {
    const { token } = JSON.parse(text) as { token: string };
    return { name: `token ${i}`, pointer: 'token', value: token, needles: needlesOf(token) };
  });
  const elsewhere = replies.filter((reply) => !made.includes(reply)).map(evidenceOf);
  return { made: made.length, leaks: leaksIn([...elsewhere, ...logs, ...stored, ...streams, ...webhooks], canaries) };
}

/** Every value at all, public ones too, that reached somebody of another shop, or nobody. What they sent themselves may be named to them. */
export const strangersSaw = (driven: Driven): Leak[] =>
  leaksIn(
    [
      ...driven.replies
        .filter(({ who, request }) => who.scope === 'another shop' && !request.startsWith('POST /v1/orders as'))
        .map(evidenceOf),
      ...driven.strangersStreams,
    ],
    [...driven.planter.guilty, ...driven.planter.innocent],
  );
