/** What an app has beside key and secret: judged by what its channel's connector asks for, sealed as the secret is. */
import type { Adapter, Setting } from '@weir/connectors/adapter';
import { type Problem, problem } from '@weir/contract';
import type { Keys } from '#access';
import { unknownField } from '#web';

/** Every channel that opens receivers' tokens has this beside its own settings. */
const PER_DAY: Setting = {
  name: 'openingsPerDay',
  isRequired: false,
  pattern: '^\\d{1,9}$',
  form: 'line',
  zh: '平台每天允许解密收件人的次数（整数）；不填则只计数、不限制',
  en: 'how many receivers the channel lets this app open a day (a whole number); without it they are counted and not limited',
};
/** All that an app of this channel may have. */
export const allSettings = ({ settings, openReceiver }: Pick<Adapter, 'settings' | 'openReceiver'>): readonly Setting[] =>
  openReceiver === undefined ? settings : [...settings, PER_DAY];

export type AppSettings = Readonly<Record<string, string>>;
/** As they are given: what is not named stays as it is, `null` takes one away. */
export type GivenSettings = Readonly<Record<string, string | null>>;
/** A private key or a certificate has a few thousand characters. */
export const MAX_SETTING = 16_384;
/** More than any channel asks for. */
export const MAX_SETTINGS = 50;

export function mergeSettings(before: AppSettings, given: GivenSettings = {}): AppSettings {
  const merged = Object.entries({ ...before, ...given });
  return Object.fromEntries(merged.filter((each): each is [string, string] => each[1] !== null));
}

/** What is wrong with them: names that the channel does not know, and what it cannot do without. No value is shown. */
export function settingProblems(asked: readonly Setting[], given: GivenSettings | undefined, merged: AppSettings): Problem[] {
  const known = new Set(asked.map(({ name }) => name));
  const unknown = Object.keys(given ?? {}).filter((name) => !known.has(name));
  const missing = asked.filter(({ name, isRequired }) => isRequired && (merged[name] ?? '').trim() === '');
  const strange = asked.filter(
    ({ name, pattern }) => pattern !== undefined && !new RegExp(pattern).test((merged[name] ?? '').trim()) && Object.hasOwn(merged, name),
  );
  const names = asked.map(({ name }) => name).join(' | ');
  const allowed = { expected: names || 'no settings', expectedZh: names || '没有设置' };
  return [
    ...unknown.map((name) => unknownField(`/settings/${name}`, allowed)),
    ...missing.map(({ name, zh, en }) => problem('field.missing', `/settings/${name}`, { expected: en, expectedZh: zh })),
    ...strange.map(({ name, zh, en }) =>
      problem('field.not_allowed', `/settings/${name}`, { reading: '***', expected: en, expectedZh: zh }),
    ),
  ];
}

export const sealSettings = (keys: Pick<Keys, 'wrap'>, settings: AppSettings): Buffer | null =>
  Object.keys(settings).length === 0 ? null : keys.wrap(Buffer.from(JSON.stringify(settings)));
export const openSettings = (keys: Pick<Keys, 'unwrap'>, wrapped: Buffer | null): AppSettings =>
  wrapped === null ? {} : (JSON.parse(keys.unwrap(wrapped).toString('utf8')) as AppSettings);

/** Null: no limit. */
export function openingsPerDay(settings: AppSettings): number | null {
  const text = settings[PER_DAY.name]?.trim() ?? '';
  return text === '' ? null : Number(text);
}
