import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { closeReview } from '../api/mutations.ts';
import { meQuery, reviewQuery } from '../api/queries.ts';
import type { ReviewCase } from '../api/types.ts';
import { tellerName } from '../shared/channel-name.ts';
import { Dialog } from '../shared/dialog.tsx';
import { may } from '../shared/may.ts';
import { Ago, Card, Copy, Mark } from '../shared/parts.tsx';
import { Failed, Loading } from '../shared/states.tsx';
import { useTell } from '../shared/tell.tsx';
import { useWishes } from '../shared/wish-key.ts';
import { useWords } from '../words/context.tsx';
import { isStillOpen, mayRelease } from './edits.ts';
import { FixForm } from './fix-form.tsx';
import { ProblemList } from './problem-list.tsx';

type Verb = 'release' | 'reject' | 'retry' | 'reopen';

export interface ReviewDetailProps {
  readonly item: ReviewCase;
  /** It waits no longer: another one can be looked at. */
  readonly onDecided: () => void;
}
export function ReviewDetail(props: ReviewDetailProps) {
  return props.item.messageBytes === undefined ? <Detail {...props} /> : <LargeDetail {...props} />;
}

/** Its message is too large for the list and comes alone. */
function LargeDetail({ item, onDecided }: ReviewDetailProps) {
  const { data, error } = useQuery(reviewQuery(item.id));
  if (error) return <Failed error={error} />;
  return data ? <Detail item={data} onDecided={onDecided} /> : <Loading />;
}

function Detail({ item, onDecided }: ReviewDetailProps) {
  const { t, name } = useWords();
  const { data: me } = useQuery(meQuery);
  const [asked, setAsked] = useState<Verb | null>(null);
  const isOpen = item.state === 'open';
  const canRelease = mayRelease(item.problems);
  const mayDo = (verb: Verb | 'fix'): boolean => may(me, `POST /v1/reviews/{id}:${verb}`);
  return (
    <div className="review">
      <div className="line review-head">
        <WhoseCase orderKey={item.orderKey} />
        {!isOpen && <Mark tone="calm">{name('reviewState', item.state)}</Mark>}
        {!isOpen && <Closed item={item} />}
        <span className="spacer" />
        {isOpen && item.orderKey === null && mayDo('retry') && (
          <Button type="primary" onClick={() => setAsked('retry')}>
            {t('reviews.retry')}
          </Button>
        )}
        {isOpen && item.orderKey !== null && mayDo('release') && (
          <Button type="primary" disabled={!canRelease} onClick={() => setAsked('release')}>
            {t('reviews.release')}
          </Button>
        )}
        {isOpen && mayDo('reject') && (
          <Button danger onClick={() => setAsked('reject')}>
            {t('reviews.reject')}
          </Button>
        )}
        {item.state === 'rejected' && mayDo('reopen') && <Button onClick={() => setAsked('reopen')}>{t('reviews.reopen')}</Button>}
      </div>
      {isOpen && !canRelease && <p className="soft">{t(item.orderKey === null ? 'reviews.unroutedLead' : 'reviews.cannotRelease')}</p>}
      <ProblemList problems={item.problems} />
      {isOpen && item.message !== null && item.orderKey !== null && mayDo('fix') && <FixForm item={item} onDone={onDecided} />}
      <Card title={t('reviews.message')}>
        {item.message === null ? (
          <p className="soft padded">{t('reviews.noMessage')}</p>
        ) : (
          <pre className="message" tabIndex={0}>
            {JSON.stringify(item.message, null, 2)}
          </pre>
        )}
      </Card>
      {asked !== null && <CloseDialog item={item} verb={asked} close={() => setAsked(null)} onDecided={onDecided} />}
    </div>
  );
}

/** A message that names no order of a connected shop belongs to nobody yet. */
function WhoseCase({ orderKey }: { readonly orderKey: string | null }) {
  const { t } = useWords();
  if (orderKey === null) return <b>{t('reviews.unrouted')}</b>;
  return (
    <>
      <Link to="/orders/$orderKey" params={{ orderKey }} className="mono">
        <b>{orderKey}</b>
      </Link>
      <Copy text={orderKey} />
    </>
  );
}

/** What became of it, when and by whose hand. */
function Closed({ item: { closedAt, closedBy } }: { readonly item: ReviewCase }) {
  const { t, language } = useWords();
  return (
    <span className="soft">
      {closedAt && <Ago at={closedAt} />}
      {closedBy && ` · ${t('holds.by', { who: tellerName(closedBy, language) })}`}
    </span>
  );
}

const TITLES = {
  release: 'reviews.releaseTitle',
  reject: 'reviews.rejectTitle',
  retry: 'reviews.retryTitle',
  reopen: 'reviews.reopenTitle',
} as const;
const LEADS = {
  release: 'reviews.releaseLead',
  reject: 'reviews.rejectLead',
  retry: 'reviews.retryLead',
  reopen: 'reviews.reopenLead',
} as const;
const DONE = {
  release: 'reviews.released',
  reject: 'reviews.rejected',
  retry: 'reviews.retried',
  reopen: 'reviews.reopened',
} as const;

interface CloseDialogProps extends ReviewDetailProps {
  readonly verb: Verb;
  readonly close: () => void;
}
function CloseDialog({ item, verb, close, onDecided }: CloseDialogProps) {
  const { t } = useWords();
  const client = useQueryClient();
  const { tellAnswer } = useTell();
  const { press, settle } = useWishes();
  const closing = useMutation({
    mutationFn: () => closeReview(item.id, verb, press(verb).key),
    onSuccess: async (answer) => {
      tellAnswer(answer, t(DONE[verb]));
      close();
      if (verb !== 'reopen' && !isStillOpen(answer)) onDecided();
      for (const changed of ['review', 'reviews', 'overview']) await client.invalidateQueries({ queryKey: [changed] });
    },
    onSettled: (_, error) => settle(verb, error),
  });
  return (
    <Dialog
      title={t(TITLES[verb])}
      okText={t(`reviews.${verb}`)}
      okButtonProps={{ danger: verb === 'reject' }}
      isBusy={closing.isPending}
      cancelText={t('do.cancel')}
      onOk={() => closing.mutate()}
      close={close}
    >
      <p className="mono">{item.orderKey ?? t('reviews.unrouted')}</p>
      <p>{t(LEADS[verb])}</p>
      {closing.error && <Failed error={closing.error} title={t(`reviews.${verb}`)} />}
    </Dialog>
  );
}
