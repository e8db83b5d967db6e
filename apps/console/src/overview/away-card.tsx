/** While you were away: what came meanwhile, what of it is urgent, and whether that is all. */
import { Link } from '@tanstack/react-router';
import type { Away, AwayOrder } from '../api/types.ts';
import { channelName } from '../shared/channel-name.ts';
import { Card, DeadlineText, Mark, Moment } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';
import { awayLead } from './view-model.ts';

export function AwayCard({ away }: { readonly away: Away }) {
  const words = useWords();
  const { t } = words;
  const isComplete = away.completeAt !== null;
  return (
    <Card
      title={t('overview.away')}
      extra={<Mark tone={isComplete ? 'calm' : 'moving'}>{t(isComplete ? 'overview.awayComplete' : 'overview.awayCatchingUp')}</Mark>}
    >
      <p className="padded away-lead" role={isComplete ? undefined : 'status'}>
        <span className="soft">
          <Moment at={away.from} /> – <Moment at={away.to} />
        </span>{' '}
        {awayLead(away, words)}
      </p>
      {away.items.length > 0 && (
        <ol className="away-orders">
          {away.items.map((item) => (
            <li key={item.orderKey}>
              <AwayRow item={item} />
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

function AwayRow({ item }: { readonly item: AwayOrder }) {
  const { t, language } = useWords();
  return (
    <Link to="/orders/$orderKey" params={{ orderKey: item.orderKey }}>
      <span className="mono">{item.orderKey}</span>
      <span className="soft ellipsis">
        {channelName(item.channel, language)} {item.channelOrderId}
      </span>
      {item.shipBy === null ? <span className="soft">{t('overview.awayNoShipBy')}</span> : <DeadlineText at={item.shipBy} />}
    </Link>
  );
}
