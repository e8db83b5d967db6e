/** Small things that the list and a letter's own panel both show. */
import { Link } from '@tanstack/react-router';
import { channelName } from '../shared/channel-name.ts';
import { Copy, Mark } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';
import type { Letter } from './view-model.ts';

interface Props {
  readonly letter: Letter;
}

export function DirectionMark({ letter: { direction } }: Props) {
  const { t } = useWords();
  return direction === 'out' ? <Mark tone="bad">■ {t('dead.out')}</Mark> : <Mark tone="waiting">▲ {t('dead.in')}</Mark>;
}

export function ShopName({ letter: { channel, shopName } }: Props) {
  const { language } = useWords();
  if (channel === null) return <>—</>;
  return (
    <>
      <span className="soft">{channelName(channel, language)}</span> {shopName}
    </>
  );
}

/** The order by its key, or by the channel's own id of it; a letter without either by its message. */
export function Named({ letter: { orderKey, channelOrderId, messageId, id } }: Props) {
  const { t } = useWords();
  if (orderKey !== null)
    return (
      <>
        <Link className="mono" to="/orders/$orderKey" params={{ orderKey }}>
          {orderKey}
        </Link>
        <Copy text={orderKey} />
      </>
    );
  if (channelOrderId !== null)
    return (
      <>
        <span className="mono">{channelOrderId}</span>
        <Copy text={channelOrderId} />
      </>
    );
  return (
    <>
      <span className="soft">{t('dead.message', { id: messageId ?? id })}</span>
      <Copy text={messageId ?? id} />
    </>
  );
}
