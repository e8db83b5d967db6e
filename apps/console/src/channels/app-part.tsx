import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import type { App, Channel } from '../api/channel-types.ts';
import { meQuery } from '../api/queries.ts';
import { may } from '../shared/may.ts';
import { Ago, Copy } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';
import type { Asked } from './dialogs.tsx';
import { LinkState, Part } from './parts.tsx';
import { pushAddress, type ShopRow } from './view-model.ts';

export interface AppPartProps {
  readonly row: ShopRow;
  readonly channel: Channel;
  readonly ask: (asked: Asked) => void;
}

/** The app through which the shop is connected; never a value of what is secret. */
export function AppPart({ row, channel, ask }: AppPartProps) {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  const { app } = row;
  return (
    <Part
      title={t('channels.app')}
      extra={
        app !== null &&
        may(me, 'POST /v1/apps') && (
          <Button size="small" onClick={() => ask({ what: 'app', key: row.key })}>
            {t('channels.appChange')}
          </Button>
        )
      }
    >
      {app === null ? <p className="soft refused-part">⊘ {t('channels.appHidden')}</p> : <Facts app={app} channel={channel} />}
    </Part>
  );
}

function Facts({ app, channel }: { readonly app: App; readonly channel: Channel }) {
  const { t, language } = useWords();
  const { total, lastAt } = app.wrongSignatures;
  const labelOf = (name: string): string => channel.settings.find((each) => each.name === name)?.[language] ?? name;
  return (
    <>
      <dl className="facts">
        <dt>{t('channels.app')}</dt>
        <dd>
          {app.name} <span className="soft mono">{app.id}</span>
        </dd>
        <dt>{t('channels.appKey')}</dt>
        <dd className="mono">
          {app.key}
          <Copy text={app.key} />
        </dd>
        {app.baseUrl !== null && (
          <>
            <dt>{t('channels.appElsewhere')}</dt>
            <dd className="mono">{app.baseUrl}</dd>
          </>
        )}
        <dt>{t('channels.appSettings')}</dt>
        <dd>
          {app.settings.length === 0 ? (
            <span className="soft">{t('channels.appNoSettings')}</span>
          ) : (
            <ul>
              {app.settings.map((name) => (
                <li key={name}>
                  <span className="mono">{name}</span> <span className="soft">{labelOf(name)}</span>
                </li>
              ))}
            </ul>
          )}
        </dd>
        {channel.pushPath !== null && (
          <>
            <dt>{t('channels.pushUrl')}</dt>
            <dd>
              <PushAddress app={app} />
              <p className="soft">{t('channels.pushUrlLead')}</p>
            </dd>
          </>
        )}
        {app.links.map((link) => (
          <Link key={link.kind} link={link} />
        ))}
        {app.openings !== null && <Openings openings={app.openings} />}
        {channel.pushPath !== null && (
          <>
            <dt>{t('channels.signatures')}</dt>
            <dd>
              {t('channels.wrongOf', { n: total.toLocaleString('en') })}
              {lastAt !== null && (
                <span className="soft">
                  {' '}
                  · {t('channels.lastWrong')} <Ago at={lastAt} />
                </span>
              )}
            </dd>
          </>
        )}
      </dl>
      <p className="soft sealed">{t('channels.appSealed')}</p>
    </>
  );
}

/** How many receivers were opened at the channel today, of those that it lets the app open. */
function Openings({ openings: { today, perDay } }: { readonly openings: NonNullable<App['openings']> }) {
  const { t } = useWords();
  const n = today.toLocaleString('en');
  return (
    <>
      <dt>{t('channels.openings')}</dt>
      <dd>
        {perDay === null ? (
          <>
            {t('channels.openedOf', { n })} <span className="soft">{t('channels.openingsFree')}</span>
          </>
        ) : (
          <span className={today >= perDay ? 'tone-bad' : undefined}>
            {t(today >= perDay ? 'channels.openingsUsedUp' : 'channels.openedOfLimit', { n, limit: perDay.toLocaleString('en') })}
          </span>
        )}
      </dd>
    </>
  );
}

function Link({ link }: { readonly link: App['links'][number] }) {
  const { t } = useWords();
  const { lastMessageAt, lastError, upSince } = link;
  return (
    <>
      <dt>{t('channels.link')}</dt>
      <dd>
        <LinkState link={link} />
        {lastMessageAt !== null && (
          <span className="soft">
            {' '}
            · {t('channels.lastMessage')} <Ago at={lastMessageAt} />
          </span>
        )}
        {lastError !== null && <p className={upSince === null ? 'tone-bad' : 'soft'}>{t('channels.theirWords', { text: lastError })}</p>}
      </dd>
    </>
  );
}

/** To be pasted into the platform's back office. */
export function PushAddress({ app }: { readonly app: Pick<App, 'pushPath' | 'pushUrl'> }) {
  const { t } = useWords();
  const { url, isPublic } = pushAddress(app, location.origin);
  return (
    <>
      <span className="push-url">
        <code>{url}</code>
        <Copy text={url} />
      </span>
      {!isPublic && <p className="tone-waiting">{t('channels.pushUrlPrivate')}</p>}
    </>
  );
}
