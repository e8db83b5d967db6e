/** Loading, empty, refused, failed and stale, drawn the same way on every page. */
import { Alert, Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { ApiError } from '../api/client.ts';
import { useStreamState } from '../api/stream.ts';
import { useWords } from '../words/context.tsx';
import { useNow } from './clock.ts';
import { isRefused, problemsOf, sentenceFor } from './sentence.ts';
import { asOfText } from './time.ts';

const STALE_MS = 10_000;
/** A standby's readers ask at each of its beats. */
const STALE_ON_STANDBY_MS = 30_000;
const SKELETON_ROWS = 8;

export function Loading({ rows = SKELETON_ROWS }: { readonly rows?: number }) {
  const { t } = useWords();
  return (
    <div className="loading" role="status" aria-label={t('state.loading')}>
      <Skeleton active title={false} paragraph={{ rows, width: '100%' }} />
    </div>
  );
}

export function Empty({ children }: { readonly children: ReactNode }) {
  return (
    <div className="empty">
      <svg viewBox="0 0 64 32" width="64" height="32" aria-hidden="true">
        <path
          d="M2 12q10-8 20 0t20 0 20 0M2 22q10-8 20 0t20 0 20 0"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
        />
      </svg>
      <div>{children}</div>
    </div>
  );
}

export function Failed({ error, retry, title }: { readonly error: unknown; readonly retry?: () => void; readonly title?: string }) {
  const words = useWords();
  const { t } = words;
  const code = error instanceof ApiError ? error.code : null;
  const refused = isRefused(error);
  return (
    <Alert
      type={refused ? 'warning' : 'error'}
      showIcon
      title={title ?? t(refused ? 'state.refused' : 'state.failed')}
      description={
        <>
          <p>{sentenceFor(error, words)}</p>
          {problemsOf(error, words).map((text) => (
            <p key={text}>{text}</p>
          ))}
          {code !== null && <p className="soft mono">{t('state.code', { code })}</p>}
        </>
      }
      action={retry && !refused ? <Button onClick={retry}>{t('state.retry')}</Button> : undefined}
    />
  );
}

/** The time of what is shown; grey and said so once it is old. */
export interface AsOfProps {
  readonly at: number;
  readonly error?: unknown;
  /** Known to be behind what is true by now. */
  readonly isOld?: boolean;
}
export function AsOf({ at, error, isOld = false }: AsOfProps) {
  const words = useWords();
  const now = useNow();
  const stream = useStreamState();
  const time = asOfText(at, now);
  const limit = stream === 'standby' ? STALE_ON_STANDBY_MS : STALE_MS;
  const isStale = Boolean(error) || isOld || (stream !== 'live' && now - at > limit);
  if (!isStale) return <span className="as-of">{words.t('state.asOf', { time })}</span>;
  return (
    <span className="as-of stale" role="status">
      ◷ {words.t('state.stale', { time })}
      {error ? ` · ${words.t('state.staleWhy', { why: sentenceFor(error, words) })}` : ''}
    </span>
  );
}
