/** The bilingual glossary: one word per idea. `docs/glossary.md` and the console's help page are made from this list. */
import { EVENT_WORDS } from './glossary/events.ts';
import {
  CASE_WORDS,
  HOLD_WORDS,
  PAYMENT_WORDS,
  REFUND_STATE_WORDS,
  REFUND_WORDS,
  RESULT_WORDS,
  ROLE_WORDS,
  STATUS_WORDS,
} from './glossary/states.ts';
import type { Word } from './glossary/word.ts';
import { HOUSE_WORDS } from './glossary/words.ts';

export interface GlossaryEntry extends Word {
  readonly id: string;
}
export interface GlossaryGroup {
  readonly zh: string;
  readonly en: string;
  readonly entries: readonly GlossaryEntry[];
}

const group = (zh: string, en: string, words: Readonly<Record<string, Word>>): GlossaryGroup => ({
  zh,
  en,
  entries: Object.entries(words).map(([id, word]) => ({ id, ...word })),
});

/** An id is unique within its group; `deposit` is a hold and a payment state, and each has its own word. */
export const GLOSSARY = {
  status: group('订单状态', 'order status', STATUS_WORDS),
  payment: group('付款', 'payment', PAYMENT_WORDS),
  refund: group('退款', 'refund of the order', REFUND_STATE_WORDS),
  refundStatus: group('单笔退款', 'one refund', REFUND_WORDS),
  hold: group('挂起的种类', 'kind of hold', HOLD_WORDS),
  event: group('事件', 'event', EVENT_WORDS),
  role: group('角色', 'role', ROLE_WORDS),
  result: group('消息的结果', 'result of a message', RESULT_WORDS),
  case: group('复核的状态', 'state of a review case', CASE_WORDS),
  house: group('容易混淆的词', 'words easily mixed', HOUSE_WORDS),
} as const satisfies Record<string, GlossaryGroup>;
export type GlossaryGroupId = keyof typeof GLOSSARY;

/** The word for an id of a closed list, e.g. `wordFor('status', 'paid').zh`; undefined for an id that is not in the list. */
export const wordFor = (groupId: GlossaryGroupId, id: string): GlossaryEntry | undefined =>
  GLOSSARY[groupId].entries.find((entry) => entry.id === id);
