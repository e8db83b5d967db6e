/** TMC: messages that the platform keeps until we confirm them, fetched call by call or over a socket. Both ways yield the same JSON document for the inbox. */
import type { App, Ask, Asked, Kept, MessageQueue } from '../adapter.ts';
import { field, filled } from '../fields.ts';
import { itemsAt } from '../json-slices.ts';
import { parseLossless, textOfBytes } from '../lossless-json.ts';
import { strangeAnswer } from '../no-answer.ts';
import { rootOf } from './client.ts';
import { listIn } from './requests.ts';

const CONSUME = 'taobao.tmc.messages.consume';
const CONFIRM = 'taobao.tmc.messages.confirm';
const PERMIT = 'taobao.tmc.user.permit';
/** From 10 to 200 in one call; as many may be confirmed at once. */
const MAX_MESSAGES = 200;
const QUANTITY = 100;
/** Our judgement: a second of delay is little, and an empty call costs nothing but the app's quota. */
const REST_MS = 1_000;
const LIST = { outer: 'messages', inner: 'tmc_message' } as const;

export const DEFAULT_GROUP = 'default';
export const groupOf = ({ settings }: App): string => filled(settings?.['group']) ?? DEFAULT_GROUP;

export const tmcQueue: MessageQueue = {
  restMs: REST_MS,
  async take(ask, app) {
    const answer = await ask({ method: CONSUME, params: { group_name: groupOf(app), quantity: QUANTITY } });
    if (!answer.ok) return answer;
    if (listIn(answer.data, LIST) === null) return strangeAnswer(answer);
    const texts = itemsAt(textOfBytes(answer.bytes) ?? '', [rootOf(CONSUME), LIST.outer, LIST.inner]);
    return { ok: true, value: texts.flatMap(toKept) };
  },
  async confirm(ask, ids, app) {
    for (let from = 0; from < ids.length; from += MAX_MESSAGES) {
      const some = ids.slice(from, from + MAX_MESSAGES).join(',');
      const answer = await ask({ method: CONFIRM, params: { group_name: groupOf(app), s_message_ids: some } });
      if (!answer.ok) return answer;
      if (field(answer.data, 'is_success') !== true) return strangeAnswer(answer);
    }
    return { ok: true, value: null };
  },
};

/** What has no id cannot be confirmed: it would come for ever, so it is left to come until somebody looks; its order is told by the lists. */
function toKept(text: string): Kept[] {
  const id = filled(field(parseLossless(text), 'id'));
  return id === undefined ? [] : [{ id, bytes: Buffer.from(text) }];
}

/** Once for each seller; without topics it stands for all that the app has subscribed. */
export async function permitUser(ask: Ask): Promise<Asked<null>> {
  const answer = await ask({ method: PERMIT, params: {} });
  if (!answer.ok) return answer;
  return field(answer.data, 'is_success') === true ? { ok: true, value: null } : strangeAnswer(answer);
}
