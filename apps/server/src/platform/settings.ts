import { isIP } from 'node:net';
import { StartProblem } from './faults.ts';

interface Described {
  readonly env: string;
  readonly zh: string;
  readonly en: string;
  /** Never shown, neither in a summary nor in a message. */
  readonly secret?: boolean;
}
export interface IntegerSetting extends Described {
  readonly type: 'integer';
  readonly default: number;
  readonly range: readonly [least: number, most: number];
}
export interface TextSetting extends Described {
  readonly type: 'text';
  readonly default: string | null;
  readonly length?: readonly [least: number, most: number];
}
export interface UrlSetting extends Described {
  readonly type: 'url';
  readonly default: string | null;
  readonly protocols: readonly string[];
}
export interface FlagSetting extends Described {
  readonly type: 'flag';
  readonly default: boolean;
}
/** Yes, no, or some networks. */
export interface FlagOrNetworksSetting extends Described {
  readonly type: 'flagOrNetworks';
  readonly default: boolean;
}
export interface ChoiceSetting extends Described {
  readonly type: 'choice';
  readonly choices: readonly string[];
  readonly default: string;
}
export interface NetworksSetting extends Described {
  readonly type: 'networks';
  readonly default: readonly string[];
}
/** One setting: name with unit, variable, default, range, one sentence. The start-up summary and the reference page come from it. */
export type Setting = IntegerSetting | TextSetting | UrlSetting | FlagSetting | FlagOrNetworksSetting | ChoiceSetting | NetworksSetting;
export type Settings = Readonly<Record<string, Setting>>;

type ValueOf<S extends Setting> = S extends { type: 'integer' }
  ? number
  : S extends { type: 'flag' }
    ? boolean
    : S extends { type: 'networks' }
      ? readonly string[]
      : S extends { type: 'flagOrNetworks' }
        ? boolean | readonly string[]
        : S extends { choices: readonly (infer C)[] }
          ? C
          : S extends { default: null }
            ? string | null
            : string;
export type SettingsOf<T extends Settings> = { readonly [K in keyof T]: ValueOf<T[K]> };

type Env = Readonly<Record<string, string | undefined>>;
interface Expected {
  readonly zh: string;
  readonly en: string;
}
type Reading = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly expected: Expected };

const TEXT_LENGTH: readonly [number, number] = [1, 1_000];
const SHOWN_LENGTH = 80;

/** Reads a table of settings from the environment. An empty variable counts as absent. Throws one StartProblem with all that is wrong. */
export function readSettings<const T extends Settings>(table: T, env: Env): SettingsOf<T> {
  const wrong: Expected[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(table)) {
    const text = env[setting.env]?.trim() ?? '';
    const reading = text === '' ? { ok: true as const, value: setting.default } : read(setting, text);
    if (reading.ok) values[name] = reading.value;
    else wrong.push(complaint(setting, text, reading.expected));
  }
  if (wrong.length > 0)
    throw new StartProblem('config.invalid', { zh: wrong.map((w) => w.zh).join('；'), en: wrong.map((w) => w.en).join('; ') });
  return values as SettingsOf<T>;
}

function complaint(setting: Setting, text: string, expected: Expected): Expected {
  const shown = setting.secret ? '***' : `"${text.slice(0, SHOWN_LENGTH)}"`;
  return {
    zh: `环境变量 ${setting.env} 读到 ${shown}，应为${expected.zh}（${setting.zh}）`,
    en: `${setting.env} reads ${shown}, expected ${expected.en} (${setting.en})`,
  };
}

function read(setting: Setting, text: string): Reading {
  switch (setting.type) {
    case 'integer':
      return readInteger(setting, text);
    case 'text':
      return readText(setting, text);
    case 'url':
      return readUrl(setting, text);
    case 'flag':
      return readFlag(text);
    case 'flagOrNetworks':
      return readFlagOrNetworks(text);
    case 'choice':
      return readChoice(setting, text);
    case 'networks':
      return readNetworks(text);
  }
}

function readInteger({ range: [least, most] }: IntegerSetting, text: string): Reading {
  const value = Number(text);
  if (/^-?\d+$/.test(text) && value >= least && value <= most) return { ok: true, value };
  return { ok: false, expected: { zh: ` ${least} 到 ${most} 的整数`, en: `a whole number from ${least} to ${most}` } };
}

function readText({ length: [least, most] = TEXT_LENGTH }: TextSetting, text: string): Reading {
  if (text.length >= least && text.length <= most) return { ok: true, value: text };
  return { ok: false, expected: { zh: ` ${least} 到 ${most} 个字符`, en: `${least} to ${most} characters` } };
}

function readUrl({ protocols }: UrlSetting, text: string): Reading {
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return { ok: true, value: text };
  const forms = protocols.map((protocol) => `${protocol}//…`);
  return { ok: false, expected: { zh: `地址 ${forms.join(' 或 ')}`, en: `an address ${forms.join(' or ')}` } };
}

const YES: ReadonlySet<string> = new Set(['1', 'true', 'yes', 'on']);
const NO: ReadonlySet<string> = new Set(['0', 'false', 'no', 'off']);

function readFlag(text: string): Reading {
  const word = text.toLowerCase();
  if (YES.has(word) || NO.has(word)) return { ok: true, value: YES.has(word) };
  return { ok: false, expected: { zh: ' 1 或 0', en: '1 or 0' } };
}

function readFlagOrNetworks(text: string): Reading {
  const flag = readFlag(text);
  if (flag.ok) return flag;
  const networks = readNetworks(text);
  if (networks.ok) return networks;
  return {
    ok: false,
    expected: {
      zh: ' 1 或 0，或用逗号分开的网段（10.1.0.0/16,192.168.3.7）',
      en: '1 or 0, or networks parted by commas (10.1.0.0/16,192.168.3.7)',
    },
  };
}
function readChoice({ choices }: ChoiceSetting, text: string): Reading {
  if (choices.includes(text)) return { ok: true, value: text };
  return { ok: false, expected: { zh: `其中之一：${choices.join('、')}`, en: `one of ${choices.join(', ')}` } };
}

function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address) as 0 | 4 | 6];
  return most > 0 && Number(bits ?? most) <= most;
}
function readNetworks(text: string): Reading {
  const value = text.split(',').map((each) => each.trim());
  if (value.every(isNetwork)) return { ok: true, value };
  return {
    ok: false,
    expected: { zh: '用逗号隔开的地址或网段，如 10.0.0.0/8', en: 'addresses or networks with commas between, e.g. 10.0.0.0/8' },
  };
}

/** Variables that look like ours and belong to no table, so that a typing error is noticed instead of silently ignored. */
export function unknownVariables(env: Env, tables: readonly Settings[]): string[] {
  const known = new Set(tables.flatMap((table) => Object.values(table).map((setting) => setting.env)));
  return Object.keys(env).filter((name) => name.startsWith('WEIR_') && !known.has(name));
}

export interface SettingRow {
  readonly name: string;
  readonly env: string;
  readonly value: string;
  readonly default: string;
  readonly expects: string;
  readonly zh: string;
  readonly en: string;
}

/** For the start-up summary and the reference page; secrets print as *** or nothing. */
export function describeSettings(table: Settings, values: Readonly<Record<string, unknown>>): SettingRow[] {
  return Object.entries(table).map(([name, setting]) => ({
    name,
    env: setting.env,
    value: shown(setting, values[name] ?? null),
    default: shown(setting, setting.default),
    expects: expects(setting),
    zh: setting.zh,
    en: setting.en,
  }));
}

function shown(setting: Setting, value: unknown): string {
  if (value === null) return '';
  if (setting.secret) return '***';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function expects(setting: Setting): string {
  if (setting.type === 'integer') return `${setting.range[0]}…${setting.range[1]}`;
  if (setting.type === 'choice') return setting.choices.join(' | ');
  if (setting.type === 'flagOrNetworks') return '1 | 0 | 10.1.0.0/16,192.168.3.7';
  return setting.type === 'flag' ? '1 | 0' : setting.type;
}
