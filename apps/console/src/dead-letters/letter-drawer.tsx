/** One letter in full sentences: what happened, what it means for the order, what to do; and its ids. */
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { type ReactNode, useState } from 'react';
import { meQuery } from '../api/queries.ts';
import { RawMessage } from '../order/raw-message.tsx';
import { may } from '../shared/may.ts';
import { Ago, Copy, Moment } from '../shared/parts.tsx';
import { Empty } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { Act, queuedLead, RetryFailed } from './act.tsx';
import { DirectionMark, Named, ShopName } from './parts.tsx';
import type { Retries } from './use-retries.ts';
import type { Letter } from './view-model.ts';

const WIDTH = 'min(560px, 100vw)';

export interface LetterDrawerProps {
  /** Undefined when it has left the list, or is not one of those that this person may see. */
  readonly letter: Letter | undefined;
  readonly retries: Retries;
  readonly close: () => void;
}

export function LetterDrawer({ letter, retries, close }: LetterDrawerProps) {
  const { t } = useWords();
  return (
    <Drawer open size={WIDTH} onClose={close} title={letter?.whatWord ?? t('dead.title')} className="letter-drawer">
      {letter === undefined ? <Empty>{t('dead.gone')}</Empty> : <Shown key={letter.id} letter={letter} retries={retries} />}
    </Drawer>
  );
}

function Shown({ letter, retries }: Omit<LetterDrawerProps, 'letter' | 'close'> & { readonly letter: Letter }) {
  const { t } = useWords();
  const { kind, why, todo, at, attempts, direction } = letter;
  return (
    <>
      <p className="line">
        <DirectionMark letter={letter} />
        <Ago at={at} />
        <span className="soft">
          <Moment at={at} />
          {attempts > 0 && <> · {t('dead.attemptsOf', { n: attempts })}</>}
        </span>
      </p>
      <h2>{t('dead.happened')}</h2>
      <p>{t(`dead.happened.${kind}`, { cause: why })}</p>
      <h2>{t('dead.means')}</h2>
      <p>{t(`dead.means.${kind}`)}</p>
      <h2>{t('dead.todo')}</h2>
      <p>{todo}</p>
      {direction === 'in' && <p className="soft">{t('dead.stays')}</p>}
      <Next letter={letter} retries={retries} />
      <h2>{t('dead.ids')}</h2>
      <Ids letter={letter} />
    </>
  );
}

function Next({ letter, retries }: Omit<LetterDrawerProps, 'letter' | 'close'> & { readonly letter: Letter }) {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  const wish = retries.wishOf(letter.id);
  if (letter.mayRetry && !may(me, 'POST /v1/dead-letters/{id}:retry')) return <p className="soft">{t('dead.askRole')}</p>;
  return (
    <>
      <p className="line">
        <Act letter={letter} retries={retries} />
        {wish?.state === 'queued' && <span className="soft">{t(queuedLead(letter))}</span>}
      </p>
      {wish?.state === 'failed' && <RetryFailed error={wish.error} />}
    </>
  );
}

function Ids({ letter }: { readonly letter: Letter }) {
  const { t } = useWords();
  const { id, orderKey, channel, channelOrderId, code, messageId } = letter;
  return (
    <>
      <dl className="facts">
        {orderKey !== null && (
          <Fact name={t('dead.order')}>
            <Named letter={letter} />
          </Fact>
        )}
        {channel !== null && (
          <Fact name={t('dead.shop')}>
            <ShopName letter={letter} />
          </Fact>
        )}
        {channelOrderId !== null && <Copied name={t('dead.channelOrderId')} text={channelOrderId} />}
        {code !== null && <Copied name={t('dead.code')} text={code} />}
        <Copied name={t('dead.id')} text={id} />
        {messageId !== null && <Copied name={t('dead.messageId')} text={messageId} />}
        {messageId !== null && <Copied name={t('dead.trace')} text={`weir trace ${messageId}`} />}
      </dl>
      {messageId !== null && <Message id={messageId} />}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

const Copied = ({ name, text }: { readonly name: string; readonly text: string }) => (
  <Fact name={name}>
    <span className="mono">{text}</span>
    <Copy text={text} />
  </Fact>
);

/** Masked by the server, and for administrators only. */
function Message({ id }: { readonly id: string }) {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  const [isShown, show] = useState(false);
  if (!may(me, 'GET /v1/messages/{id}')) return null;
  if (isShown) return <RawMessage id={id} />;
  return (
    <p className="line">
      <Button size="small" className="open-message" onClick={() => show(true)}>
        {t('dead.openMessage')}
      </Button>
    </p>
  );
}
