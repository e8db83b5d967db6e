/** Short words after a command: what became of it. */
import { message } from 'antd';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { CommandAnswer } from '../api/types.ts';
import { useWords } from '../words/context.tsx';

const SHOWN_SECONDS = 5;
interface Tell {
  readonly tell: (text: string) => void;
  readonly tellAnswer: (answer: CommandAnswer) => void;
}
const Context = createContext<Tell>({ tell: () => undefined, tellAnswer: () => undefined });
export const useTell = (): Tell => useContext(Context);

export function TellProvider({ children }: { readonly children: ReactNode }) {
  const { t } = useWords();
  const [api, holder] = message.useMessage({ duration: SHOWN_SECONDS, maxCount: 3 });
  const value = useMemo((): Tell => {
    const tell = (text: string): void => void api.success(text);
    const tellAnswer = (answer: CommandAnswer): void => {
      if (!('orderKey' in answer)) void api.info(t('do.accepted', { id: answer.id }));
      else if (answer.result === 'needs_review') void api.warning(t('act.needsReview'));
      else tell(t('act.done', { version: answer.version }));
    };
    return { tell, tellAnswer };
  }, [api, t]);
  return (
    <Context value={value}>
      {holder}
      {children}
    </Context>
  );
}
