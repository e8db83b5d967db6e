/** Our order key in the seller's note, which Pinduoduo calls remark when it answers and note when it is told. */
import type { Ask, Call, Told } from '../adapter.ts';
import { Fields } from '../fields.ts';
import { strangeAnswer } from '../no-answer.ts';
import { withOrderKey } from '../note-mark.ts';
import { orderDetail } from './requests.ts';
import { because, DONE, failed, isYes, saidNo } from './told.ts';

/** No source names a limit of the call; the platform's own page takes so many characters [G]. Nothing is ever cut: what does not fit is not written. */
export const MAX_NOTE = 300;
/** remark_tag and the name that it has when the seller gave it none. Source: field texts of pdd.order.note.update as community SDKs hold them [G], read 2026-11-25. */
const TAG_NAMES: ReadonlyMap<string, string> = new Map([
  ['1', '红色'],
  ['2', '黄色'],
  ['3', '绿色'],
  ['4', '蓝色'],
  ['5', '紫色'],
]);

/** The call replaces the whole note and its tag, so both must be the ones just read. Tag and name go together or not at all. */
export function updateNote(orderSn: string, note: string, tag: { readonly code: string; readonly name: string } | null): Call {
  const tagged = tag === null ? {} : { tag: Number(tag.code), tag_name: tag.name };
  return { method: 'pdd.order.note.update', params: { order_sn: orderSn, note, ...tagged } };
}

export async function writeKey(ask: Ask, orderSn: string, orderKey: string): Promise<Told> {
  const answer = await ask(orderDetail(orderSn));
  if (!answer.ok) return failed(answer.failure);
  const order = new Fields(answer.data).child('order_info');
  if (order.text('order_sn') !== orderSn) return failed(strangeAnswer(answer).failure);
  const told = order.at('remark');
  // Kept character by character, spaces too; what is no text is nobody's words.
  const words = withOrderKey(typeof told === 'string' ? told : '', orderKey);
  if (words === null) return DONE;
  if (words.length > MAX_NOTE) return because('refused', 'person');
  const written = await ask(updateNote(orderSn, words, tagOf(order)));
  if (isYes(written)) return DONE;
  return failed(written.ok ? saidNo(written) : written.failure);
}

function tagOf(order: Fields): { readonly code: string; readonly name: string } | null {
  const code = order.text('remark_tag');
  const usual = TAG_NAMES.get(code ?? '');
  return code === undefined || usual === undefined ? null : { code, name: order.text('remark_tag_name') ?? usual };
}
