/**
 * The payment API before v3: XML both ways, each signed with the APIv2 key. Source: its documentation (general knowledge), not read page by page. Asked for one
 * thing: the refunds of an order, which v3 tells by their own numbers only.
 */
import { createHmac } from 'node:crypto';
import type { JsonObject } from '../lossless-json.ts';
import { isSameSignature } from '../signature.ts';
import { parseFlatXml } from './flat-xml.ts';

type Values = Readonly<Record<string, string>>;

export function signFields(fields: Values, key: string): string {
  const told = Object.entries(fields).filter(([name, value]) => name !== 'sign' && value !== '');
  const text = told
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}&`)
    .join('');
  return createHmac('sha256', key).update(`${text}key=${key}`).digest('hex').toUpperCase();
}

export function signedXml(fields: Values, key: string): string {
  const all = { ...fields, sign: signFields(fields, key) };
  return `<xml>${Object.entries(all)
    .map(([name, value]) => `<${name}><![CDATA[${value.replaceAll(']]>', '')}]]></${name}>`)
    .join('')}</xml>`;
}

/** The fields of an answer, when it is one and signed with the key; a refusal at the door is not signed and is none. */
export function signedFields(text: string, key: string): JsonObject | null {
  const fields = parseFlatXml(text);
  if (fields === null || Object.values(fields).some((value) => typeof value !== 'string')) return null;
  const values = fields as Values;
  return isSameSignature(values['sign'] ?? '', signFields(values, key)) ? fields : null;
}
