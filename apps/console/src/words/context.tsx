import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { type Language, languageOf, type Words, wordsOf } from './words.ts';

const SAVED_AS = 'weir.language';
interface Spoken extends Words {
  readonly speak: (language: Language) => void;
}
const Context = createContext<Spoken>({ ...wordsOf('zh'), speak: () => undefined });
export const useWords = (): Spoken => useContext(Context);

export function WordsProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(() => languageOf(localStorage.getItem(SAVED_AS)));
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  const value = useMemo(() => {
    const speak = (next: Language): void => {
      localStorage.setItem(SAVED_AS, next);
      setLanguage(next);
    };
    return { ...wordsOf(language), speak };
  }, [language]);
  return <Context value={value}>{children}</Context>;
}
