import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { cancelReplay } from '../api/mutations.ts';
import { replaysQuery } from '../api/queries.ts';
import type { Endpoint, Replay } from '../api/types.ts';
import { Ago, Card, Mark } from '../shared/parts.tsx';
import { Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { ReplayDialog } from './replay-dialog.tsx';
import { whyStill } from './view-model.ts';

const TONES = { running: 'moving', done: 'calm', cancelled: 'calm' } as const;
const STILL = {
  paused: 'replay.stillPaused',
  broken: 'replay.stillBroken',
  gone: 'replay.stillGone',
  full: 'replay.stillFull',
  behind: 'replay.stillBehind',
} as const;
const SHAPES = { running: '▶', done: '●', cancelled: '■' } as const;

export function ReplaysCard({ endpoint }: { readonly endpoint: Endpoint }) {
  const { id: endpointId } = endpoint;
  const { t } = useWords();
  const [isAsking, setAsking] = useState(false);
  const { data, error, refetch } = useQuery(replaysQuery(endpointId));
  return (
    <Card
      title={t('replay.title')}
      extra={
        <Button size="small" className="replay-new" disabled={!data} onClick={() => setAsking(true)}>
          {t('replay.new')}
        </Button>
      }
    >
      <p className="soft padded">{t('replay.lead')}</p>
      {!data && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading rows={2} />)}
      {data && data.items.length === 0 && <p className="soft padded">{t('replay.none')}</p>}
      {data && data.items.length > 0 && (
        <ul className="endpoints">
          {data.items.map((replay) => (
            <Row key={replay.id} endpoint={endpoint} replay={replay} />
          ))}
        </ul>
      )}
      {isAsking && <ReplayDialog endpointId={endpointId} close={() => setAsking(false)} />}
    </Card>
  );
}

function Row({ endpoint, replay }: { readonly endpoint: Endpoint; readonly replay: Replay }) {
  const { id: endpointId } = endpoint;
  const still = whyStill(replay, endpoint);
  const { t } = useWords();
  const client = useQueryClient();
  const cancelling = useMutation({
    mutationFn: () => cancelReplay(endpointId, replay.id),
    onSettled: () => client.invalidateQueries({ queryKey: ['replays', endpointId] }),
  });
  const { withheld, waiting, failed, outside } = replay;
  const notes = [
    ...(waiting > 0 ? [t('replay.waiting', { n: waiting })] : []),
    ...(withheld > 0 ? [t('replay.withheld', { n: withheld })] : []),
    ...(failed > 0 ? [t('replay.failedOf', { n: failed })] : []),
    ...(outside > 0 ? [t('replay.outside', { n: outside })] : []),
  ];
  return (
    <li>
      <div className="endpoint-line">
        <Mark tone={TONES[replay.state]}>
          {SHAPES[replay.state]} {t(`replay.${replay.state}`)}
        </Mark>
        <span className="figure">
          {t('replay.progress', { sent: replay.sent.toLocaleString('en'), orders: replay.orders.toLocaleString('en') })}
        </span>
        <span className="soft">
          <Ago at={replay.madeAt} />
        </span>
        <span className="spacer" />
        {replay.state === 'running' && (
          <Button size="small" loading={cancelling.isPending} onClick={() => cancelling.mutate()}>
            {t('replay.cancel')}
          </Button>
        )}
      </div>
      {still !== null && <div className="tone-waiting">‖ {t(STILL[still])}</div>}
      {notes.length > 0 && <div className="tone-waiting">{notes.join(' · ')}</div>}
      {cancelling.error && <Failed error={cancelling.error} />}
    </li>
  );
}
