import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { closeReview } from '../api/mutations.ts';
import { reviewQuery } from '../api/queries.ts';
import type { ReviewCase } from '../api/types.ts';
import { Card, Copy, Mark } from '../shared/parts.tsx';
import { Failed, Loading } from '../shared/states.tsx';
import { useTell } from '../shared/tell.tsx';
import { useWishKey } from '../shared/wish-key.ts';
import { useWords } from '../words/context.tsx';
import { mayRelease } from './edits.ts';
import { FixForm } from './fix-form.tsx';
import { ProblemList } from './problem-list.tsx';

type Verb = 'release' | 'reject' | 'retry';

export function ReviewDetail({ item }: { readonly item: ReviewCase }) {
  return item.messageBytes === undefined ? <Detail item={item} /> : <LargeDetail item={item} />;
}

/** Its message is too large for the list and comes alone. */
function LargeDetail({ item }: { readonly item: ReviewCase }) {
  const { data, error } = useQuery(reviewQuery(item.id));
  if (error) return <Failed error={error} />;
  return data ? <Detail item={data} /> : <Loading />;
}

function Detail({ item }: { readonly item: ReviewCase }) {
  const { t, name } = useWords();
  const [asked, setAsked] = useState<Verb | null>(null);
  const isOpen = item.state === 'open';
  const canRelease = mayRelease(item.problems);
  return (
    <div className="review">
      <div className="line review-head">
        <WhoseCase orderKey={item.orderKey} />
        {!isOpen && <Mark tone="calm">{name('reviewState', item.state)}</Mark>}
        <span className="spacer" />
        {isOpen && (
          <>
            {item.orderKey === null ? (
              <Button type="primary" onClick={() => setAsked('retry')}>
                {t('reviews.retry')}
              </Button>
            ) : (
              <Button type="primary" disabled={!canRelease} onClick={() => setAsked('release')}>
                {t('reviews.release')}
              </Button>
            )}
            <Button danger onClick={() => setAsked('reject')}>
              {t('reviews.reject')}
            </Button>
          </>
        )}
      </div>
      {isOpen && !canRelease && <p className="soft">{t(item.orderKey === null ? 'reviews.unroutedLead' : 'reviews.cannotRelease')}</p>}
      <ProblemList problems={item.problems} />
      {isOpen && item.message !== null && item.orderKey !== null && <FixForm item={item} />}
      <Card title={t('reviews.message')}>
        {item.message === null ? (
          <p className="soft padded">{t('reviews.noMessage')}</p>
        ) : (
          <pre className="message" tabIndex={0}>
            {JSON.stringify(item.message, null, 2)}
          </pre>
        )}
      </Card>
      {asked !== null && <CloseDialog item={item} verb={asked} close={() => setAsked(null)} />}
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

const TITLES = { release: 'reviews.releaseTitle', reject: 'reviews.rejectTitle', retry: 'reviews.retryTitle' } as const;
const LEADS = { release: 'reviews.releaseLead', reject: 'reviews.rejectLead', retry: 'reviews.retryLead' } as const;
const DONE = { release: 'reviews.released', reject: 'reviews.rejected', retry: 'reviews.retried' } as const;

function CloseDialog({ item, verb, close }: { readonly item: ReviewCase; readonly verb: Verb; readonly close: () => void }) {
  const { t } = useWords();
  const client = useQueryClient();
  const { tell, tellAnswer } = useTell();
  const { keyOf, settle } = useWishKey();
  const closing = useMutation({
    mutationFn: () => closeReview(item.id, verb, keyOf([item.id, verb])),
    onSuccess: async (answer) => {
      if ('result' in answer) tell(t(DONE[verb]));
      else tellAnswer(answer);
      close();
      await client.invalidateQueries({ queryKey: ['reviews'] });
      await client.invalidateQueries({ queryKey: ['overview'] });
    },
    onSettled: (_, error) => settle(error),
  });
  return (
    <Modal
      open
      title={t(TITLES[verb])}
      okText={t(`reviews.${verb}`)}
      okButtonProps={{ danger: verb === 'reject', loading: closing.isPending }}
      cancelText={t('do.cancel')}
      onOk={() => closing.mutate()}
      onCancel={close}
    >
      <p className="mono">{item.orderKey ?? t('reviews.unrouted')}</p>
      <p>{t(LEADS[verb])}</p>
      {closing.error && <Failed error={closing.error} title={t(`reviews.${verb}`)} />}
    </Modal>
  );
}
