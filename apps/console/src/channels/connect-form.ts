/** What a person fills in to connect a shop becomes wishes, and what the server says about them finds its field again. Pure. */
import type { App, AppWish, Channel, ShopWish } from '../api/channel-types.ts';
import { type Faults, faultsAt } from '../shared/faults.ts';
import type { Words } from '../words/words.ts';

/** Stands for a shop of which programs tell us: no channel of the server's list. */
export const OWN = '';
export const NEW_APP = '';

/** Of an app: what is typed in to register or to change it. */
export interface AppForm {
  readonly key: string;
  readonly secret: string;
  readonly appName: string;
  readonly settings: Readonly<Record<string, string>>;
}
export interface ConnectForm extends AppForm {
  /** Null until one is chosen. */
  readonly channel: string | null;
  readonly ownChannel: string;
  /** Id of one that is registered. */
  readonly app: string;
  readonly shop: string;
  readonly name: string;
  readonly code: string;
}
export const EMPTY_APP: AppForm = { key: '', secret: '', appName: '', settings: {} };
export const EMPTY_CONNECT: ConnectForm = { ...EMPTY_APP, channel: null, ownChannel: 'own', app: NEW_APP, shop: '', name: '', code: '' };

/** Of another channel nothing that was typed for an app counts; the only app of a channel is chosen at once. */
export function choosingChannel(form: ConnectForm, channel: string, apps: readonly App[]): ConnectForm {
  const [first] = apps.filter((app) => app.channel === channel);
  return { ...form, ...EMPTY_APP, channel, app: first?.id ?? NEW_APP, code: '' };
}

const isBlank = (text: string | undefined): boolean => (text ?? '').trim() === '';
const CHANNEL_ID = /^[a-z][a-z0-9_-]{0,31}$/;

/** `set`: names of settings that the app has already, which may be left empty. */
export function appFaults(form: AppForm, { settings }: Pick<Channel, 'settings'>, { t }: Words, set: readonly string[] = []): Faults {
  const missing = settings.filter(({ name, isRequired }) => isRequired && !set.includes(name) && isBlank(form.settings[name]));
  const names = [...(['key', 'secret'] as const).filter((name) => isBlank(form[name])), ...missing.map(({ name }) => `settings/${name}`)];
  return Object.fromEntries(names.map((name) => [name, t('connect.fillIn')]));
}

export function connectFaults(form: ConnectForm, channel: Channel | undefined, words: Words): Faults {
  const { t } = words;
  if (form.channel === null) return { channel: t('connect.fillIn') };
  const isOwn = form.channel === OWN;
  const names = [...(isBlank(form.shop) ? ['shop'] : []), ...(channel?.consentCode === 'needed' && isBlank(form.code) ? ['code'] : [])];
  return {
    ...(isOwn && !CHANNEL_ID.test(form.ownChannel) ? { ownChannel: t('connect.badChannel') } : {}),
    ...(channel !== undefined && form.app === NEW_APP ? appFaults(form, channel, words) : {}),
    ...Object.fromEntries(names.map((name) => [name, t('connect.fillIn')])),
  };
}

/** What was left empty is not sent: it stays as it is. Keys and certificates go as they were pasted, without what a paste leaves around them. */
export function appWish(channel: string, { key, secret, appName, settings }: AppForm): AppWish {
  const filled = Object.entries(settings).filter(([, value]) => !isBlank(value));
  return {
    channel,
    key: key.trim(),
    secret: secret.trim(),
    name: appName.trim() || key.trim(),
    ...(filled.length === 0 ? {} : { settings: Object.fromEntries(filled.map(([name, value]) => [name, value.trim()])) }),
  };
}

export function shopWish({ channel, ownChannel, shop, name, code }: ConnectForm, app: string | null): ShopWish {
  const id = shop.trim();
  return {
    channel: channel === null || channel === OWN ? ownChannel.trim() : channel,
    shop: id,
    name: name.trim() || id,
    ...(app === null ? {} : { app, credentials: isBlank(code) ? {} : { code: code.trim() } }),
  };
}

/** Where each wish was made of which field; a place inside `settings` names its setting. */
const APP_FIELDS: Readonly<Record<string, string>> = { '/key': 'key', '/secret': 'secret', '/name': 'appName', '/channel': 'channel' };
const SHOP_FIELDS: Readonly<Record<string, string>> = {
  '/shop': 'shop',
  '/name': 'name',
  '/credentials/code': 'code',
  '/channel': 'ownChannel',
  '/app': 'app',
};
const SETTINGS = '/settings/';
function fieldOf(pointer: string, wish: 'app' | 'shop'): string | undefined {
  if (wish === 'app' && pointer.startsWith(SETTINGS)) return pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
  return (wish === 'app' ? APP_FIELDS : SHOP_FIELDS)[pointer];
}

/** See `faultsAt`. */
export const faultsOf = (error: unknown, wish: 'app' | 'shop', words: Words): Faults =>
  faultsAt(error, (pointer) => fieldOf(pointer, wish), words);
