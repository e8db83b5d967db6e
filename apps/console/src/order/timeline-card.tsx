import { DownOutlined, RightOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { meQuery, timelineQuery } from '../api/queries.ts';
import { tellerName } from '../shared/channel-name.ts';
import { Card, Copy, Mark, Moment } from '../shared/parts.tsx';
import { AsOf, Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { type Contexts, contextOf } from './person.ts';
import { RawMessage } from './raw-message.tsx';
import { clockText, type Entry, timelineOf } from './timeline.ts';

/** `contexts` is what was opened of who did it, with which device and where: personal, so it is there only while it is open. */
export function TimelineCard({ orderKey, contexts }: { readonly orderKey: string; readonly contexts: Contexts | null }) {
  const words = useWords();
  const { t } = words;
  const { data, error, refetch, dataUpdatedAt } = useQuery(timelineQuery(orderKey));
  const entries = data ? timelineOf(data.items, words) : [];
  const { data: me } = useQuery(meQuery);
  const maySeeMessages = me?.role === 'admin' && !me.shops;
  return (
    <Card title={t('part.timeline')} extra={data && error && <AsOf at={dataUpdatedAt} error={error} />}>
      {!data && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading rows={6} />)}
      {data?.items.length === 0 && <p className="soft padded">{t('timeline.empty')}</p>}
      <ol className="timeline">
        {entries.map((entry) => (
          <EntryRow key={entry.id} entry={entry} context={contextOf(entry.versions, contexts, words)} maySeeMessage={maySeeMessages} />
        ))}
      </ol>
      {data && !data.isWhole && <p className="soft padded">{t('timeline.cut', { n: data.items.length })}</p>}
    </Card>
  );
}

interface EntryProps {
  readonly entry: Entry;
  readonly context: string | null;
  readonly maySeeMessage: boolean;
}
function EntryRow({ entry, context, maySeeMessage }: EntryProps) {
  const words = useWords();
  const { t, name, language } = words;
  const clock = clockText(entry, words);
  const [first, last] = entry.versions;
  const cause = String(entry.cause);
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      <div className="entry-time">
        <Moment at={entry.occurredAt} />
      </div>
      <div className="entry-body">
        <div className="line">
          <b>{entry.types.map((type) => name('event', type)).join(' · ')}</b>
          <span className="soft">{t('timeline.by', { who: tellerName(entry.by, language) })}</span>
          <span className="soft mono">{first === last ? `v${first}` : `v${first}–${last}`}</span>
          {entry.withheld && (
            <Mark tone="waiting" title={t('timeline.withheldHint')}>
              ‖ {t('timeline.withheld')}
            </Mark>
          )}
          <span className="spacer" />
          <span className="soft entry-cause" title={t('timeline.causeHint', { n: cause })}>
            {maySeeMessage ? (
              <button type="button" className="text-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                {isOpen ? <DownOutlined aria-hidden="true" /> : <RightOutlined aria-hidden="true" />} {t('timeline.cause', { n: cause })}
              </button>
            ) : (
              t('timeline.cause', { n: cause })
            )}
            <Copy text={cause} />
          </span>
        </div>
        {context !== null && <div className="revealed">{context}</div>}
        {clock !== null && <div className="tone-waiting">◷ {clock}</div>}
        {entry.changes.length > 0 && (
          <ul className="changes">
            {entry.changes.map(({ id, label, before, after }) => (
              <li key={id}>
                <span className="soft">{label}</span>{' '}
                {before !== null && (
                  <>
                    <del>{before}</del> <span aria-hidden="true">→</span>{' '}
                  </>
                )}
                <ins>{after}</ins>
              </li>
            ))}
          </ul>
        )}
        {isOpen && <RawMessage id={cause} />}
      </div>
    </li>
  );
}
