/** Who an order goes to, in clear. Only a program inside the platform's own cloud is answered; everybody else is refused, and the masks are in our fields already. */
import type { Asked, Ask, Call, OpenedReceiver } from '../adapter.ts';
import type { Subject } from '@weir/contract/subject';
import { Fields } from '../fields.ts';
import { strangeAnswer } from '../no-answer.ts';
import { ciphersOf, dialForm } from './receiver.ts';

/** `data_tag` of an order's data is its number. Source: field texts of the call as three community SDKs hold them [G], read 2026-11-25. */
export const decrypt = (orderSn: string, ciphers: readonly string[]): Call => ({
  method: 'pdd.open.decrypt.batch',
  params: { data_list: ciphers.map((cipher) => ({ data_tag: orderSn, encrypted_data: cipher })) },
});
const DONE = '0';
const MAX = { tel: 40, name: 100, detail: 500 } as const;

export async function openReceiver(ask: Ask, { id }: Subject, token: string): Promise<Asked<OpenedReceiver>> {
  const ciphers = ciphersOf(token);
  const answer = await ask(decrypt(id, Object.values(ciphers)));
  if (!answer.ok) return answer;
  const items = new Fields(answer.data).each('data_decrypt_list');
  const opened = (part: keyof typeof MAX): string | undefined => {
    const item = items.find((each) => each.text('encrypted_data') === ciphers[part] && (each.text('error_code') ?? DONE) === DONE);
    return item?.text('decrypted_data')?.slice(0, MAX[part]).toWellFormed();
  };
  const [phone, name, detail] = [opened('tel'), opened('name'), opened('detail')];
  if (phone === undefined && name === undefined && detail === undefined) return strangeAnswer(answer);
  return {
    ok: true,
    value: {
      ...(name === undefined ? {} : { name }),
      ...(phone === undefined ? {} : { phone: dialForm(phone) }),
      ...(detail === undefined ? {} : { detail }),
    },
  };
}
