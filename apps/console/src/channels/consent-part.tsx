import { Button } from 'antd';
import type { Channel } from '../api/channel-types.ts';
import { useWords } from '../words/context.tsx';
import type { Asked } from './dialogs.tsx';
import { Part } from './parts.tsx';
import type { ShopRow } from './view-model.ts';

export interface ConsentPartProps {
  readonly row: ShopRow;
  readonly channel: Channel;
  /** Null for whoever may not renew it. */
  readonly ask: ((asked: Asked) => void) | null;
}

export function ConsentPart({ row: { key, shop }, channel: { consentCode }, ask }: ConsentPartProps) {
  const { t } = useWords();
  const { tokenError } = shop;
  return (
    <Part
      title={t('channels.consent')}
      extra={
        ask !== null && (
          <Button size="small" onClick={() => ask({ what: 'renew', key })}>
            {t(consentCode === 'none' ? 'channels.renewAgain' : 'channels.renew')}
          </Button>
        )
      }
    >
      {tokenError === undefined ? (
        <p className="soft">{t(consentCode === 'none' ? 'channels.consentOwn' : 'channels.consentGood')}</p>
      ) : (
        <p className="tone-bad">{t('channels.theirWords', { text: tokenError })}</p>
      )}
    </Part>
  );
}
