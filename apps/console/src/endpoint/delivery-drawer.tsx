import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { revealAnswer } from '../api/mutations.ts';
import { deliveryQuery } from '../api/queries.ts';
import type { DeliveryShown } from '../api/types.ts';
import { Copy, Moment } from '../shared/parts.tsx';
import { Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import type { WordKey } from '../words/zh.ts';
import { AnswerMark } from './deliveries.tsx';
import { useEventWord } from './event-word.ts';
import { prettyJson } from './pretty.ts';

export interface DeliveryDrawerProps {
  readonly endpointId: string;
  readonly id: string;
  readonly close: () => void;
}
const WIDTH = 'min(560px, 100vw)';

export function DeliveryDrawer({ endpointId, id, close }: DeliveryDrawerProps) {
  const { data, error, refetch } = useQuery(deliveryQuery(endpointId, id));
  const eventWord = useEventWord();
  return (
    <Drawer open size={WIDTH} onClose={close} title={data ? `${data.subjectKey ?? '—'} v${data.version} · ${eventWord(data)}` : id}>
      {!data && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />)}
      {data && <Shown endpointId={endpointId} delivery={data} />}
    </Drawer>
  );
}

function Shown({ endpointId, delivery }: { readonly endpointId: string; readonly delivery: DeliveryShown }) {
  const { t } = useWords();
  const { request } = delivery;
  return (
    <div className="delivery-shown">
      <p>
        <AnswerMark item={delivery} /> <Moment at={delivery.at} /> · {delivery.durationMs.toLocaleString('en')} ms ·{' '}
        {t('endpoint.attempt', { n: delivery.attempt })}
      </p>
      {delivery.outcome === 'failed' && <Answer endpointId={endpointId} delivery={delivery} />}
      <h3>{t('endpoint.request')}</h3>
      {request === null ? (
        <p className="soft">{t('endpoint.noRequest')}</p>
      ) : (
        <>
          <p className="soft">
            {t('endpoint.leftOut', { what: request.leftOut.map((each) => t(`endpoint.${each}` as WordKey)).join(' · ') })}{' '}
            <Copy text={request.body} />
          </p>
          <pre tabIndex={0} role="region" aria-label={t('endpoint.request')}>
            {Object.entries(request.headers)
              .map(([name, value]) => `${name}: ${value}`)
              .join('\n')}
            {'\n\n'}
            {prettyJson(request.body)}
          </pre>
        </>
      )}
    </div>
  );
}

function Answer({ endpointId, delivery }: { readonly endpointId: string; readonly delivery: DeliveryShown }) {
  const { t } = useWords();
  const opening = useMutation({ mutationFn: () => revealAnswer(endpointId, delivery.id), gcTime: 0 });
  if (!delivery.hasAnswer) return <p className="soft">{t('endpoint.noAnswer')}</p>;
  if (opening.data) return <pre>{opening.data.answer ?? t('endpoint.noAnswer')}</pre>;
  return (
    <p>
      <Button size="small" className="open-answer" loading={opening.isPending} onClick={() => opening.mutate()}>
        {t('endpoint.openAnswer')}
      </Button>{' '}
      <span className="soft">{t('endpoint.openAnswerLead')}</span>
      {opening.error && <Failed error={opening.error} />}
    </p>
  );
}
