/** Orders of the last 24 hours by channel. Each bar opens the orders that it counts. */
import { Link } from '@tanstack/react-router';
import type { Overview } from '../api/types.ts';
import { channelName } from '../shared/channel-name.ts';
import { useNow } from '../shared/clock.ts';
import { Card } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';
import { type HourBar, hourChart } from './view-model.ts';

const HOUR_MS = 3_600_000;
/** Style sheets have this many series colours; further channels share the last. */
const SERIES = 6;

export function HoursCard({ overview }: { readonly overview: Overview }) {
  const { t, language } = useWords();
  const now = useNow();
  const { bars, channels, highest } = hourChart(overview.byHour, now);
  const series = new Map(channels.map((channel, index) => [channel, Math.min(index, SERIES - 1)]));
  return (
    <Card
      title={t('overview.today')}
      extra={
        <Link to="/orders" search={{ since: 'today' }} className="figure big">
          {overview.today.toLocaleString('en')}
        </Link>
      }
    >
      <ul className="hours" aria-label={t('overview.byHour')}>
        {bars.map((bar) => (
          <li key={bar.from}>
            <Hour bar={bar} highest={highest} series={series} />
          </li>
        ))}
      </ul>
      <p className="legend soft">
        <span>{t('overview.byHour')}</span>
        {channels.map((channel) => (
          <span key={channel}>
            <i className={`series-${series.get(channel)}`} aria-hidden="true" />
            {channelName(channel, language)}
          </span>
        ))}
      </p>
    </Card>
  );
}

function Hour({ bar, highest, series }: { readonly bar: HourBar; readonly highest: number; readonly series: ReadonlyMap<string, number> }) {
  const { t, language } = useWords();
  const said = [
    t('overview.hourOf', { hour: bar.label, n: bar.total }),
    ...bar.parts.map(({ channel, count }) => `${channelName(channel, language)} ${count}`),
  ].join('\n');
  const search = { placedFrom: new Date(bar.from).toISOString(), placedTo: new Date(bar.from + HOUR_MS).toISOString() };
  return (
    <Link to="/orders" search={search} title={said} aria-label={said} className="hour">
      <svg viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true">
        {bar.parts.map(({ channel, count, below }) => (
          <rect
            key={channel}
            className={`series-${series.get(channel)}`}
            x="0"
            width="10"
            y={100 - ((below + count) / highest) * 100}
            height={(count / highest) * 100}
          />
        ))}
      </svg>
      <span aria-hidden="true">{bar.label}</span>
    </Link>
  );
}
