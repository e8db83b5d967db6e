/** What an app has beside key and secret: judged by what its channel's connector asks for, sealed as the secret is. */
import type { Setting } from '@weir/connectors/adapter';
import { type Problem, problem } from '@weir/contract';
import type { Keys } from '#access';
import { shownPointer } from '#web';

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
  return [
    ...unknown.map((name) => problem('field.unknown', shownPointer(`/settings/${name}`))),
    ...missing.map(({ name, zh, en }) => problem('field.missing', `/settings/${name}`, { expected: en, expectedZh: zh })),
  ];
}

export const sealSettings = (keys: Pick<Keys, 'wrap'>, settings: AppSettings): Buffer | null =>
  Object.keys(settings).length === 0 ? null : keys.wrap(Buffer.from(JSON.stringify(settings)));
export const openSettings = (keys: Pick<Keys, 'unwrap'>, wrapped: Buffer | null): AppSettings =>
  wrapped === null ? {} : (JSON.parse(keys.unwrap(wrapped).toString('utf8')) as AppSettings);
