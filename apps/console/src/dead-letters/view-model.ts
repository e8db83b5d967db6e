/** A dead letter as people read it: what ended, why, what it means, where to go. Pure. */
import type { DeadLetter } from '../api/types.ts';
import type { Shop } from '../api/channel-types.ts';
import type { List, Words } from '../words/words.ts';

export type Kind = 'ship' | 'remark' | 'message' | 'fetch';
/** Where a letter that cannot be tried again is settled. */
type Place = 'order' | 'reviews' | 'channels';

export interface Letter extends DeadLetter {
  readonly kind: Kind;
  /** As the server calls it, where this console has no word for it. */
  readonly whatWord: string;
  readonly why: string;
  readonly todo: string;
  readonly shopName: string | null;
  /** The message behind it, as `weir trace` takes it. */
  readonly messageId: string | null;
  readonly place: Place;
}
/** Letters of messages are named after where those lie in the inbox. */
const OF_MESSAGE = /^dl_(\d+)$/;

export function letterOf(item: DeadLetter, shops: readonly Shop[], words: Words): Letter {
  const kind = kindOf(item);
  return {
    ...item,
    kind,
    whatWord: wordOf('deadWhat', item.direction === 'out' ? item.what : kind, words) ?? item.what,
    ...causeOf(item, words),
    shopName: shops.find(({ channel, shop }) => channel === item.channel && shop === item.shop)?.name ?? item.shop,
    messageId: OF_MESSAGE.exec(item.id)?.[1] ?? null,
    place: kind === 'fetch' ? 'channels' : item.orderKey === null ? 'reviews' : 'order',
  };
}

function kindOf({ direction, what, cause }: DeadLetter): Kind {
  if (direction === 'in') return cause.startsWith('fetch.') ? 'fetch' : 'message';
  return what === 'remark' ? 'remark' : 'ship';
}

const wordOf = (list: List, value: string, { name }: Words): string | undefined => {
  const word = name(list, value);
  return word === value ? undefined : word;
};
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The server's words say the cause and then what to do. Where they promise a try by itself they are wrong here: our tries ended. */
function causeOf(item: DeadLetter, words: Words): { readonly why: string; readonly todo: string } {
  const [first = '', ...rest] = item[words.language].split(/；|; /);
  return {
    why: wordOf('deadCause', item.cause, words) ?? capital(first),
    todo: wordOf('deadDo', item.cause, words) ?? (rest.length > 0 ? capital(rest.join(words.language === 'zh' ? '；' : '; ')) : ''),
  };
}

/** What became of a person's wish for another try. */
export type Wish =
  | { readonly state: 'asking' }
  | { readonly state: 'queued'; readonly at: number }
  | { readonly state: 'failed'; readonly error: unknown };

/** A letter that a later load still shows ended once more: it may be tried again. */
export const wishNow = (wish: Wish | undefined, loadedAt: number): Wish | undefined =>
  wish?.state === 'queued' && loadedAt > wish.at ? undefined : wish;
