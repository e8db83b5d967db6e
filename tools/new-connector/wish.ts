/** What somebody asks of `npm run new:connector`, and why it may not be. Pure. */
import { CHANNELS } from '@weir/contract/channels';

export interface Wish {
  readonly id: string;
  /** Two capital letters that open the order keys of the channel. */
  readonly prefix: string;
  readonly zh: string;
  readonly en: string;
  /** The list of channels holds it already: its name was known before there was a connector. */
  readonly isListed: boolean;
}
export interface Refusal {
  readonly zh: string;
  readonly en: string;
}
/** What was typed; absent is undefined. */
export interface Asked {
  readonly id: string | undefined;
  readonly prefix: string | undefined;
  readonly zh: string | undefined;
  readonly en: string | undefined;
}
/** What is there already. */
export interface Taken {
  /** Channels that a connector speaks for. */
  readonly channels: ReadonlySet<string>;
  /** Folders, and names that the packages export. */
  readonly names: ReadonlySet<string>;
}

const ID = /^[a-z][a-z0-9]{1,30}$/;
const PREFIX = /^[A-Z]{2}$/;
/** Opens the keys of channels that nobody knows. */
const UNKNOWN_PREFIX = 'XX';
/** They stand in code, comments and tables, so no marks that mean something there. */
const NAME = { zh: /^[\p{L}\p{N}][\p{L}\p{N} ·-]{0,19}$/u, en: /^[\p{L}\p{N}][\p{L}\p{N} .&-]{0,39}$/u };
/** Sources of orders that are no platform. */
const NO_PLATFORM: readonly string[] = ['own', 'sandbox'];
/** Words that TypeScript or a tool keeps for itself, and one that would be two in the copy. */
const KEPT_WORDS: readonly string[] = ['new', 'test', 'fixtures', 'example'];

const no = (zh: string, en: string): Refusal => ({ zh, en });

export function judge(asked: Asked, taken: Taken): Wish | Refusal {
  const { id } = asked;
  if (id === undefined) return no('缺少渠道 id', 'The id of the channel is missing');
  if (!ID.test(id) || KEPT_WORDS.includes(id))
    return no(
      `渠道 id “${id}” 不可用：2 到 31 个小写字母或数字，以字母开头，且不是保留词`,
      `"${id}" cannot be a channel id: 2 to 31 small letters or digits, a letter first, and no word that is kept`,
    );
  if (NO_PLATFORM.includes(id)) return no(`“${id}” 不是外部平台，不需要连接器`, `"${id}" is no outside platform and needs no connector`);
  if (taken.channels.has(id)) return no(`渠道 “${id}” 已有连接器`, `The channel "${id}" has a connector already`);
  if (taken.names.has(id))
    return no(
      `名称 “${id}” 已被 packages/connectors 或 packages/sandbox 占用`,
      `"${id}" is taken in packages/connectors or packages/sandbox`,
    );
  return Object.hasOwn(CHANNELS, id) ? listed(id as keyof typeof CHANNELS, asked) : unlisted(id, asked);
}

/** Its keys may be in use: what is listed stays. */
function listed(id: keyof typeof CHANNELS, asked: Asked): Wish | Refusal {
  const known = CHANNELS[id];
  for (const name of ['prefix', 'zh', 'en'] as const)
    if (asked[name] !== undefined && asked[name] !== known[name])
      return no(
        `渠道 “${id}” 的 ${name} 已登记为 “${known[name]}”，不能改；请去掉 --${name}`,
        `The ${name} of "${id}" is listed as "${known[name]}" and stays; leave --${name} out`,
      );
  return { id, ...known, isListed: true };
}

function unlisted(id: string, { prefix, zh, en }: Asked): Wish | Refusal {
  if (prefix === undefined || zh === undefined || en === undefined)
    return no('需要 --prefix、--zh 和 --en', '--prefix, --zh and --en are needed');
  if (!PREFIX.test(prefix) || prefix === UNKNOWN_PREFIX)
    return no(`前缀 “${prefix}” 不可用：两个大写字母，不能是 XX`, `"${prefix}" cannot be a prefix: two capital letters, and not XX`);
  const owner = Object.entries(CHANNELS).find(([, each]) => each.prefix === prefix);
  if (owner) return no(`前缀 ${prefix} 已属于 “${owner[0]}”`, `The prefix ${prefix} belongs to "${owner[0]}" already`);
  if (!NAME.zh.test(zh))
    return no(`中文名 “${zh}” 不可用：1 到 20 个字`, `"${zh}" cannot be the Chinese name: 1 to 20 letters, digits or spaces`);
  if (!NAME.en.test(en))
    return no(
      `英文名 “${en}” 不可用：1 到 40 个字母、数字、空格或 . & -`,
      `"${en}" cannot be the English name: 1 to 40 letters, digits, spaces or . & -`,
    );
  return { id, prefix, zh, en, isListed: false };
}
