/** Bulk decisions with their progress; one that has not begun is cancelled without a trace, a rejection is undone. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Popconfirm } from 'antd';
import { endReviewRun } from '../api/mutations.ts';
import { meQuery, reviewRunsQuery } from '../api/queries.ts';
import type { ReviewRun } from '../api/types.ts';
import { useNow } from '../shared/clock.ts';
import { may } from '../shared/may.ts';
import { Ago, Card, Mark } from '../shared/parts.tsx';
import { AsOf, Failed, Loading } from '../shared/states.tsx';
import { useTell } from '../shared/tell.tsx';
import { useWords } from '../words/context.tsx';

export function RunsCard() {
  const { t } = useWords();
  const { data, error, refetch, dataUpdatedAt } = useQuery(reviewRunsQuery);
  return (
    <Card title={t('bulk.runs')} extra={data && error && <AsOf at={dataUpdatedAt} error={error} />}>
      {!data && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading rows={2} />)}
      {data && data.items.length === 0 && <p className="soft padded">{t('bulk.noRuns')}</p>}
      {data && data.items.length > 0 && (
        <ul className="rows">
          {data.items.map((run) => (
            <li key={run.id}>
              <Run run={run} isUndone={data.items.some(({ undoes }) => undoes === run.id)} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const SHAPES = { starts: '◷', running: '▶', done: '●', cancelled: '■' } as const;
const TONES = { starts: 'waiting', running: 'moving', done: 'calm', cancelled: 'calm' } as const;

function Run({ run, isUndone }: { readonly run: ReviewRun; readonly isUndone: boolean }) {
  const { t } = useWords();
  const now = useNow();
  const { data: me } = useQuery(meQuery);
  const client = useQueryClient();
  const { tell } = useTell();
  const ending = useMutation({
    mutationFn: (verb: 'cancel' | 'undo') => endReviewRun(run.id, verb),
    onSuccess: (_, verb) => tell(t(verb === 'undo' ? 'bulk.undone' : 'bulk.cancelled')),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['reviewRuns'] });
      await client.invalidateQueries({ queryKey: ['reviews'] });
    },
  });
  const state = run.state === 'open' ? (now < Date.parse(run.startsAt) ? 'starts' : 'running') : run.state;
  const number = (n: number): string => n.toLocaleString('en');
  return (
    <>
      <div className="line">
        <Mark tone={TONES[state]}>
          {SHAPES[state]} {t(`bulk.${state}`)}
        </Mark>
        <b>{t(`bulk.${run.decision}`)}</b>
        <span className="soft">
          {t('bulk.byWhom', { name: run.askedBy })} · <Ago at={run.askedAt} />
        </span>
        <span className="spacer" />
        {run.state === 'open' && may(me, 'POST /v1/review-runs/{id}:cancel') && (
          <Button size="small" loading={ending.isPending} onClick={() => ending.mutate('cancel')}>
            {t('do.cancel')}
          </Button>
        )}
        {may(me, 'POST /v1/review-runs/{id}:undo') &&
          run.state !== 'open' &&
          run.decision === 'reject' &&
          run.accepted > 0 &&
          !isUndone && (
            <Popconfirm
              title={t('bulk.undoTitle')}
              description={t('bulk.undoLead')}
              okText={t('bulk.undo')}
              cancelText={t('do.cancel')}
              onConfirm={() => ending.mutate('undo')}
            >
              <Button size="small" loading={ending.isPending}>
                {t('bulk.undo')}
              </Button>
            </Popconfirm>
          )}
      </div>
      <div className="soft">
        {t('bulk.progress', { accepted: number(run.accepted), refused: number(run.refused), n: number(run.cases) })}
        {run.chosen.reason !== undefined && (
          <>
            {' · '}
            <code>{run.chosen.reason}</code>
          </>
        )}
      </div>
      <progress max={run.cases} value={run.accepted + run.refused} aria-label={t('bulk.runs')} />
      {ending.error && <Failed error={ending.error} />}
    </>
  );
}
