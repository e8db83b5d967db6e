import type { App, Channel, Shop } from '../api/channel-types.ts';
import { Copy } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';
import { PushAddress } from './app-part.tsx';

export interface ConnectedProps {
  readonly shop: Shop;
  readonly app: App | undefined;
  readonly channel: Channel | undefined;
}

/** What happens next, in plain words. */
export function Connected({ shop, app, channel }: ConnectedProps) {
  const { t } = useWords();
  if (app === undefined || channel === undefined) return <NextOfOwn shop={shop} />;
  return (
    <ol className="next-steps">
      {channel.pushPath !== null && (
        <li>
          {t('connect.nextPush')}
          <PushAddress app={app} />
        </li>
      )}
      {app.links.map(({ kind }) => (
        <li key={kind}>{t(kind === 'queue' ? 'connect.nextQueue' : 'connect.nextSocket')}</li>
      ))}
      <li>{t('connect.nextPull')}</li>
      <li>{t('connect.nextBackfill', { n: channel.backfillDays })}</li>
    </ol>
  );
}

function NextOfOwn({ shop: { channel, shop } }: Pick<ConnectedProps, 'shop'>) {
  const { t } = useWords();
  const command = `npx weir token create --role integration --shop ${channel}/${shop}`;
  return (
    <>
      <p>{t('connect.nextOwn')}</p>
      <p className="push-url">
        <code>{command}</code>
        <Copy text={command} />
      </p>
    </>
  );
}
