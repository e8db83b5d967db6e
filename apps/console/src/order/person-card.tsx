/** The receiver: masked, and shown only for a purpose and for a while. */
import { Button } from 'antd';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { meQuery } from '../api/queries.ts';
import type { Order, Person, Revealed } from '../api/types.ts';
import { useNow } from '../shared/clock.ts';
import { Card, Moment } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';
import { RevealDialog } from './reveal-dialog.tsx';
import { type Contexts, contextsIn, hasPersonal, isTokenOnly, placeText, revealedRows } from './person.ts';

const SECOND_MS = 1_000;

/** `open` is told what of the history is open as well, and null when it is hidden again. */
export function PersonCard({ order, open }: { readonly order: Order; readonly open: (contexts: Contexts | null) => void }) {
  const { t } = useWords();
  const [isAsking, setAsking] = useState(false);
  const [shown, setShown] = useState<{ readonly values: Revealed['values']; readonly until: number } | null>(null);
  const { data: me } = useQuery(meQuery);
  const mayLook = (me?.reveals ?? []).length > 0;
  const hide = useCallback(() => {
    setShown(null);
    open(null);
  }, [open]);
  const { receiver, buyer, remark, cancelReason } = order.personal;
  const hasAny = hasPersonal(order.personal);
  return (
    <Card
      title={t('part.receiver')}
      extra={
        hasAny && mayLook && shown === null ? (
          <Button size="small" onClick={() => setAsking(true)}>
            {t('person.look')}
          </Button>
        ) : undefined
      }
    >
      {!hasAny && order.erasedAt === undefined && <p className="soft padded">{t('person.none')}</p>}
      {order.erasedAt !== undefined && (
        <p className="soft padded">
          {t('person.erased')} <Moment at={order.erasedAt} />
        </p>
      )}
      {hasAny && shown === null && (
        <dl className="person-facts">
          <PersonRow label={t('person.receiver')} person={receiver} />
          {isTokenOnly(receiver) && (
            <>
              <dt>{t('person.receiver')}</dt>
              <dd className="soft">{t('person.tokenOnly')}</dd>
            </>
          )}
          <PersonRow label={t('person.buyer')} person={buyer} />
          {typeof remark === 'string' && (
            <>
              <dt>{t('person.remark')}</dt>
              <dd>{remark}</dd>
            </>
          )}
          {cancelReason !== undefined && (
            <>
              <dt>{t('person.cancelReason')}</dt>
              <dd>{cancelReason}</dd>
            </>
          )}
        </dl>
      )}
      {shown !== null && <Shown values={shown.values} until={shown.until} hide={hide} />}
      {isAsking && (
        <RevealDialog
          orderKey={order.orderKey}
          hasToken={Boolean(receiver?.token)}
          close={() => setAsking(false)}
          show={({ values, showSeconds }) => {
            setShown({ values, until: Date.now() + showSeconds * SECOND_MS });
            open(contextsIn(values));
            setAsking(false);
          }}
        />
      )}
    </Card>
  );
}

function PersonRow({ label, person }: { readonly label: string; readonly person: Person | null | undefined }) {
  const [who, where] = person ? [[person.name, person.phone].filter(Boolean).join(' '), placeText(person)] : ['', ''];
  if (who === '' && where === '') return null;
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {who}
        <div>{where}</div>
      </dd>
    </>
  );
}

function Shown({ values, until, hide }: { readonly values: Revealed['values']; readonly until: number; readonly hide: () => void }) {
  const words = useWords();
  const { t } = words;
  const now = useNow();
  useEffect(() => {
    const timer = setTimeout(hide, Math.max(0, until - Date.now()));
    return () => clearTimeout(timer);
  }, [until, hide]);
  return (
    <div className="revealed">
      <dl className="person-facts">
        {revealedRows(values, words).map(({ field, label, text }) => (
          <div key={field}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <div className="line">
        <span className="tone-waiting" role="timer">
          {t('person.left', { n: Math.max(0, Math.floor((until - now) / SECOND_MS)) })}
        </span>
        <span className="spacer" />
        <Button size="small" onClick={hide}>
          {t('person.hide')}
        </Button>
      </div>
    </div>
  );
}
