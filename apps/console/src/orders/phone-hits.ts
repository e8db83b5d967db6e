/** What a search by phone found. It lives in memory only: a phone has no place in an address or a history. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ListItem } from '../api/types.ts';

interface PhoneHits {
  /** Masked. */
  readonly phone: string;
  readonly items: readonly ListItem[];
  /** Older orders were found too. */
  readonly hasMore: boolean;
}
const KEY = ['phoneHits'] as const;

export const rememberPhoneHits = (client: QueryClient, hits: PhoneHits | null): void => {
  client.setQueryData(KEY, hits);
};

export function usePhoneHits(): { readonly hits: PhoneHits | null; readonly forget: () => void } {
  const client = useQueryClient();
  const { data } = useQuery<PhoneHits | null>({ queryKey: KEY, queryFn: () => null, enabled: false, initialData: null });
  return { hits: data, forget: () => rememberPhoneHits(client, null) };
}
