/** What waits by cause, and one decision on all of a cause. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { meQuery, reviewGroupsQuery } from '../api/queries.ts';
import type { BulkDecision, ReviewGroup } from '../api/types.ts';
import { channelName } from '../shared/channel-name.ts';
import { may } from '../shared/may.ts';
import { Ago, Card } from '../shared/parts.tsx';
import { AsOf, Empty, Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { BulkDialog } from './bulk-dialog.tsx';
import { RunsCard } from './runs.tsx';

interface Asked {
  readonly group: ReviewGroup;
  readonly decision: BulkDecision;
}

export function Causes() {
  const { t } = useWords();
  const [asked, setAsked] = useState<Asked | null>(null);
  const { data, error, refetch, dataUpdatedAt } = useQuery(reviewGroupsQuery);
  return (
    <div className="causes">
      <Card title={t('reviews.causes')} extra={data && error && <AsOf at={dataUpdatedAt} error={error} />}>
        <p className="soft padded">{t('bulk.lead')}</p>
        {!data && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading rows={3} />)}
        {data && data.items.length === 0 && <Empty>{t('bulk.none')}</Empty>}
        {data && data.items.length > 0 && (
          <ul className="rows">
            {data.items.map((group) => (
              <li key={`${group.channel} ${group.reason}`}>
                <Cause group={group} ask={(decision) => setAsked({ group, decision })} />
              </li>
            ))}
          </ul>
        )}
      </Card>
      <RunsCard />
      {asked !== null && <BulkDialog {...asked} close={() => setAsked(null)} />}
    </div>
  );
}

function Cause({ group, ask }: { readonly group: ReviewGroup; readonly ask: (decision: BulkDecision) => void }) {
  const { t, language } = useWords();
  const { data: me } = useQuery(meQuery);
  const [first] = group.problems;
  return (
    <div className="cause">
      <div className="cause-what">
        <b>{first === undefined ? group.reason : language === 'zh' ? first.zh : first.en}</b>
        <code>{group.reason}</code>
        <span className="soft">
          {channelName(group.channel, language)} · {t('bulk.shops')} {group.shops} · {t('bulk.oldest')} <Ago at={group.oldest} /> ·{' '}
          <Link to="/reviews" search={{ reason: group.reason, channel: group.channel }}>
            {t('bulk.show')}
          </Link>
        </span>
      </div>
      <span className="cause-count figure">{group.cases.toLocaleString('en')}</span>
      <div className="cause-do">
        {(may(me, 'POST /v1/review-runs') ? group.decisions : []).map((decision) => (
          <Button key={decision} size="small" danger={decision === 'reject'} onClick={() => ask(decision)}>
            {t(`bulk.${decision}`)}
          </Button>
        ))}
      </div>
    </div>
  );
}
