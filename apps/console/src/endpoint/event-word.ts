import type { Delivery } from '../api/types.ts';
import { useWords } from '../words/context.tsx';

/** What was told: the event's word, or that it was a snapshot. */
export function useEventWord(): (item: Delivery) => string {
  const { t, name } = useWords();
  return ({ type, replay }) => (replay !== null ? t('endpoint.snapshot') : type === null ? t('endpoint.noEvent') : name('event', type));
}
