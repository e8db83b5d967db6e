/** Asks the platform to open the receiver behind an OAID; counted against the app's quota. Source: request and answer classes of two SDKs, read 2026-11-25. */
import type { Ask, Asked, OpenedReceiver } from '../adapter.ts';
import { Fields } from '../fields.ts';
import { strangeAnswer } from '../no-answer.ts';
import { detailOf } from './receiver.ts';

export async function openReceiver(ask: Ask, tid: string, oaid: string): Promise<Asked<OpenedReceiver>> {
  const answer = await ask({ method: 'taobao.top.oaid.decrypt', params: { query_list: [{ oaid, tid }] } });
  if (!answer.ok) return answer;
  const found = new Fields(answer.data)
    .child('receiver_list')
    .each('receiver')
    .find((each) => each.text('tid') === tid);
  if (found === undefined) return strangeAnswer(answer);
  // The address has changed since: whoever asks must read the trade again and take its new OAID.
  if (found.at('matched') === false) return { ok: false, failure: { ...OUTDATED, logId: answer.logId } };
  const told = {
    name: found.text('name'),
    phone: found.text('mobile') ?? found.text('phone'),
    province: found.text('state'),
    city: found.text('city'),
    district: found.text('district'),
    detail: detailOf(found.text('town'), found.text('address_detail')),
  };
  return { ok: true, value: Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) };
}

const OUTDATED = {
  class: 'do_not',
  isKnown: true,
  code: 'oaid',
  subCode: 'not_matched',
  message: 'the receiver has changed since this token was given; read the order again',
  mayHaveHappened: false,
} as const;
