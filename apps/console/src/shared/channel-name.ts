import { CHANNELS } from '@weir/contract/channels';
import type { Language } from '../words/words.ts';

/** A channel that the contract does not know goes by its own id. */
export const channelName = (channel: string, language: Language): string =>
  Object.hasOwn(CHANNELS, channel) ? CHANNELS[channel as keyof typeof CHANNELS][language] : channel;
