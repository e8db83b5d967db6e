/** What the hub holds of the channel's orders, against the platform's own books. */
import { whereItDiffers } from '../support/douyin.ts';
import type { Evidence } from './evidence.ts';
import type { Finding } from './judge.ts';
import { DOUYIN } from './platform.ts';

export function theyAgree({ platform, held }: Evidence): Finding[] {
  const ours = held.filter(({ item }) => item.channel === DOUYIN.channel);
  const say = (what: string): Finding => ({ rule: 'the platform and the hub agree', what });
  const unknown = ours
    .filter(({ item }) => !platform.has(item.channelOrderId))
    .map(({ item }) => say(`${item.channelOrderId} is not the platform's`));
  return [
    ...unknown,
    ...[...platform].flatMap(([id, truth]) => {
      const there = ours.filter(({ item }) => item.channelOrderId === id);
      if (there.length !== 1) return [say(`${id} is held ${there.length} times`)];
      const differs = whereItDiffers(there[0]?.state, truth);
      return differs === '' ? [] : [say(`${id}: ${differs}`)];
    }),
  ];
}
