/** Another try for a letter, and what became of it; the row and the panel show the same. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { retryDeadLetter } from '../api/mutations.ts';
import { type Wish, wishNow } from './view-model.ts';

export interface Retries {
  readonly wishOf: (id: string) => Wish | undefined;
  readonly retry: (id: string) => void;
}

export function useRetries(loadedAt: number): Retries {
  const client = useQueryClient();
  const [wishes, setWishes] = useState<Readonly<Record<string, Wish>>>({});
  const note = (id: string, wish: Wish): void => setWishes((old) => ({ ...old, [id]: wish }));
  const ask = async (id: string): Promise<void> => {
    note(id, { state: 'asking' });
    try {
      await retryDeadLetter(id);
      await client.cancelQueries({ queryKey: ['deadLetters'] }); // an answer that is older than the wish would show the letter as it was
      note(id, { state: 'queued', at: Date.now() });
    } catch (error) {
      note(id, { state: 'failed', error });
    }
  };
  return { wishOf: (id) => wishNow(wishes[id], loadedAt), retry: (id) => void ask(id) };
}
