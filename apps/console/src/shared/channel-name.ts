import { CHANNELS } from '@weir/contract/channels';
import type { Language } from '../words/words.ts';

const OF_CHANNEL = 'channel:';
/** Who told us: a channel by its name, anybody else as they are called. */
export const tellerName = (by: string, language: Language): string =>
  by.startsWith(OF_CHANNEL) ? channelName(by.slice(OF_CHANNEL.length), language) : channelName(by, language);

/** A channel that the contract does not know goes by its own id. */
export const channelName = (channel: string, language: Language): string =>
  Object.hasOwn(CHANNELS, channel) ? CHANNELS[channel as keyof typeof CHANNELS][language] : channel;
