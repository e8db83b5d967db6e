/** Certificates as /v3/certificates tells them: each sealed with the APIv3 key, so that whoever opens one knows that WeChat Pay sent it. */
import type { KeyObject } from 'node:crypto';
import { Fields } from '../fields.ts';
import type { Json } from '../lossless-json.ts';
import { keyOf, serialOf } from './settings.ts';
import { openResource } from './sign-pay.ts';
import { type Time, zonedTime } from './times.ts';

export interface Certificate {
  readonly serial: string;
  readonly pem: string;
  readonly key: KeyObject;
  readonly from: Time | undefined;
  readonly until: Time | undefined;
}

/** Those that can be opened and are what they say. Several at once while they are rotated: old and new count until the old one ends. */
export function certificatesIn(answer: Json, apiV3Key: string): Certificate[] {
  return new Fields(answer).each('data').flatMap((item) => {
    const sealed = item.child('encrypt_certificate');
    const parts = { nonce: sealed.text('nonce') ?? '', associatedData: sealed.text('associated_data') ?? '' };
    const pem = openResource(apiV3Key, { ...parts, ciphertext: sealed.text('ciphertext') ?? '' });
    const [serial, key] = pem === null ? [] : [serialOf(pem), keyOf(pem)];
    if (pem === null || !key || serial === undefined || serial !== item.text('serial_no')?.toUpperCase()) return [];
    return [{ serial, pem, key, from: zonedTime(item, 'effective_time'), until: zonedTime(item, 'expire_time') }];
  });
}
