/** Short words after a command: what became of it, also when that is known only later. */
import { useQueryClient } from '@tanstack/react-query';
import { message } from 'antd';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { readOutcome } from '../api/mutations.ts';
import type { CommandAnswer } from '../api/types.ts';
import { useWords } from '../words/context.tsx';
import { outcomeOf } from './outcome.ts';
import { sentenceFor } from './sentence.ts';

const SHOWN_SECONDS = 5;
/** A refusal that comes late meets somebody who is busy with something else. */
const LATE_SECONDS = 30;
interface Tell {
  readonly tell: (text: string) => void;
  readonly tellFault: (what: string, error: unknown) => void;
  /** `done`: what to say instead of the order's new version. */
  readonly tellAnswer: (answer: CommandAnswer, done?: string) => void;
}
const Context = createContext<Tell>({ tell: () => undefined, tellFault: () => undefined, tellAnswer: () => undefined });
export const useTell = (): Tell => useContext(Context);

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function TellProvider({ children }: { readonly children: ReactNode }) {
  const words = useWords();
  const client = useQueryClient();
  const [api, holder] = message.useMessage({ duration: SHOWN_SECONDS, maxCount: 3 });
  const value = useMemo((): Tell => {
    const { t } = words;
    const tell = (text: string): void => void api.success(text);
    const tellFault = (what: string, error: unknown): void => void api.error(`${what} ${sentenceFor(error, words)}`, LATE_SECONDS);
    const tellAnswer = (answer: CommandAnswer, done?: string): void => {
      if (!('result' in answer)) {
        void api.info(t('do.accepted', { id: answer.id }));
        void tellLater(answer.id, done);
      } else if (answer.result === 'needs_review') void api.warning(t('act.needsReview'));
      else tell(done ?? t('act.done', { version: answer.version ?? 0 }));
    };
    const tellLater = async (id: string, done?: string): Promise<void> => {
      const outcome = await outcomeOf(() => readOutcome(id), wait);
      if (outcome.kind === 'done') tellAnswer(outcome.answer, done);
      else if (outcome.kind === 'refused')
        void api.error(t('do.refusedLater', { id, why: sentenceFor(outcome.error, words) }), LATE_SECONDS);
      else void api.warning(t('do.unknownStill', { id }), LATE_SECONDS);
      for (const changed of ['order', 'reviews', 'review', 'overview']) void client.invalidateQueries({ queryKey: [changed] });
    };
    return { tell, tellFault, tellAnswer };
  }, [api, words, client]);
  return (
    <Context value={value}>
      {holder}
      {children}
    </Context>
  );
}
