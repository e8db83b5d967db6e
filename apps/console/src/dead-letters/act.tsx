/** What can be done about a letter: another try, or the way to where it is settled. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { ApiError } from '../api/client.ts';
import { meQuery } from '../api/queries.ts';
import { may } from '../shared/may.ts';
import { Mark } from '../shared/parts.tsx';
import { isMissing, isRefused, sentenceFor } from '../shared/sentence.ts';
import { useWords } from '../words/context.tsx';
import type { Retries } from './use-retries.ts';
import type { Letter } from './view-model.ts';

export interface ActProps {
  readonly letter: Letter;
  readonly retries: Retries;
}
/** Cases of messages whose work failed, as the list of reviews names their cause. */
const FAILED_MESSAGES = { reason: 'message.failed' };

const QUEUED = { fetch: 'dead.queuedFetch', message: 'dead.queuedMessage', ship: 'dead.queuedLead', remark: 'dead.queuedLead' } as const;
export const queuedLead = ({ kind }: Letter): (typeof QUEUED)[keyof typeof QUEUED] => QUEUED[kind];

export function Act({ letter, retries: { wishOf, retry } }: ActProps) {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  const { id, mayRetry, direction } = letter;
  const wish = wishOf(id);
  if (direction === 'in' && !mayRetry) return <Way letter={letter} />;
  if (wish?.state === 'queued')
    return (
      <span role="status" title={t(queuedLead(letter))}>
        <Mark tone="right">✓ {t('dead.queued')}</Mark>
      </span>
    );
  if (!mayRetry || !may(me, 'POST /v1/dead-letters/{id}:retry')) return <span className="soft">—</span>;
  return (
    <Button size="small" className="retry" loading={wish?.state === 'asking'} onClick={() => retry(id)}>
      {t('dead.retry')}
    </Button>
  );
}

function Way({ letter: { place, orderKey } }: Pick<ActProps, 'letter'>) {
  const { t } = useWords();
  if (place === 'channels')
    return (
      <Link to="/channels" search={{ show: 'trouble' }}>
        {t('dead.goChannels')} ›
      </Link>
    );
  if (orderKey !== null)
    return (
      <Link to="/orders/$orderKey" params={{ orderKey }}>
        {t('dead.goOrder')} ›
      </Link>
    );
  return (
    <Link to="/reviews" search={FAILED_MESSAGES}>
      {t('dead.goReviews')} ›
    </Link>
  );
}

export function RetryFailed({ error }: { readonly error: unknown }) {
  const words = useWords();
  const todo = isMissing(error) ? 'dead.errorGone' : isRefused(error) ? 'dead.errorAsk' : 'dead.errorLater';
  return (
    <p className="letter-failed" role="alert">
      ■ {words.t('dead.errorOf', { what: sentenceFor(error, words).replace(/[。.]$/, ''), todo: words.t(todo) })}
      {error instanceof ApiError && <span className="soft mono"> {error.code}</span>}
    </p>
  );
}
