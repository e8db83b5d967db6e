/** Small things that every page shows. */
import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { type ReactNode, useEffect, useState } from 'react';
import { useWords } from '../words/context.tsx';
import { useNow } from './clock.ts';
import { copyText } from './copy-text.ts';
import { agoText, deadlineOf, exactText, shortText } from './time.ts';
import { statusTone, type Tone } from './tone.ts';

const COPIED_MS = 1_500;

export function Mark({ tone, children, title }: { readonly tone: Tone; readonly children: ReactNode; readonly title?: string }) {
  return (
    <span className={`mark mark-${tone}`} title={title}>
      {children}
    </span>
  );
}

export function StatusMark({ status, held }: { readonly status: string | null; readonly held: readonly string[] }) {
  const { t, name } = useWords();
  return (
    <span className="marks">
      <Mark tone={statusTone(status)}>{status === null ? t('orders.noStatus') : name('status', status)}</Mark>
      {held.map((kind) => (
        <Mark key={kind} tone="waiting">
          ‖ {name('hold', kind)}
        </Mark>
      ))}
    </span>
  );
}

/** "3 分钟前", the exact instant on hover and for a reader. */
export function Ago({ at }: { readonly at: string }) {
  const words = useWords();
  const now = useNow();
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return <span>{words.t('time.none')}</span>;
  return (
    <time dateTime={at} title={exactText(ms)}>
      {agoText(ms, now, words)}
    </time>
  );
}

export function Moment({ at }: { readonly at: string }) {
  const now = useNow();
  const ms = Date.parse(at);
  return (
    <time dateTime={at} title={exactText(ms)}>
      {shortText(ms, now)}
    </time>
  );
}

export function DeadlineText({ at, isBrief = false }: { readonly at: string; readonly isBrief?: boolean }) {
  const words = useWords();
  const now = useNow();
  const ms = Date.parse(at);
  const { text, tone } = deadlineOf(ms, now, words);
  return (
    <time dateTime={at} title={exactText(ms)} className={`tone-${tone}`}>
      {isBrief ? text : `${shortText(ms, now)} · ${text}`}
    </time>
  );
}

export function Copy({ text }: { readonly text: string }) {
  const { t } = useWords();
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return undefined;
    const timer = setTimeout(() => setDone(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [isDone]);
  const copy = (): void => {
    void copyText(text).then(setDone);
  };
  return (
    <button
      type="button"
      className="icon-button copy"
      aria-label={isDone ? t('do.copied') : t('do.copy', { text })}
      title={isDone ? t('do.copied') : undefined}
      onClick={copy}
    >
      {isDone ? <CheckOutlined /> : <CopyOutlined />}
    </button>
  );
}

export interface CardProps {
  readonly title: string;
  readonly extra?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}
export function Card({ title, extra, children, className = 'card' }: CardProps) {
  return (
    <section className={className}>
      <header>
        <h2>{title}</h2>
        {extra}
      </header>
      {children}
    </section>
  );
}
