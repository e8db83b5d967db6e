import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Overview } from '../api/types.ts';
import { AcceptFewRows } from './accept-few-rows.tsx';
import { meQuery } from '../api/queries.ts';
import type { Shops } from '../channels/use-shops.ts';
import { may, OPENS_ENDPOINT } from '../shared/may.ts';
import { sentenceFor } from '../shared/sentence.ts';
import { Loading } from '../shared/states.tsx';
import { NO_STATUS } from '../orders/filters.ts';
import { Card } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';
import { statusCounts, type Todo, todosOf } from './view-model.ts';

export interface TodoCardProps {
  readonly overview: Overview;
  readonly shops: Pick<Shops, 'rows' | 'error'>;
}
/** "Nothing to do" is a promise: it is given only when the shops are known to flow, too. */
export function TodoCard({ overview, shops: { rows, error } }: TodoCardProps) {
  const words = useWords();
  const todos = todosOf(overview, rows ?? null, words);
  const unknown = error !== null && (
    <p className="tone-waiting padded">▲ {words.t('overview.shopsUnknown', { why: sentenceFor(error, words) })}</p>
  );
  return (
    <Card title={words.t('overview.todo')}>
      {unknown}
      {todos.length === 0 && rows === undefined && error === null && <Loading rows={1} />}
      {todos.length === 0 && rows !== undefined && error === null && <p className="all-right">✓ {words.t('overview.nothingToDo')}</p>}
      {todos.length > 0 && (
        <ul className="todos">
          {todos.map((todo) => (
            <li key={todo.id}>
              <TodoRow todo={todo} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function TodoRow({ todo: { label, count, tone, to, note, pull } }: { readonly todo: Todo }) {
  const inside = (
    <>
      <span className="todo-label">
        {label}
        {note && <small className="soft"> {note}</small>}
      </span>
      {pull && <AcceptFewRows pull={pull} />}
      <b className={`figure tone-${tone}`}>{count.toLocaleString('en')}</b>
      <span aria-hidden="true" className="soft">
        {to ? '›' : ''}
      </span>
    </>
  );
  const { data: me } = useQuery(meQuery);
  if (to?.page === 'troubles')
    return (
      <Link to="/channels" search={{ show: 'trouble' }}>
        {inside}
      </Link>
    );
  if (to?.page === 'endpoint' && may(me, OPENS_ENDPOINT))
    return (
      <Link to="/endpoints/$endpointId" params={{ endpointId: to.id }} search={{}}>
        {inside}
      </Link>
    );
  if (to?.page === 'dead-letters') return <Link to="/dead-letters">{inside}</Link>;
  if (to?.page === 'reviews') return <Link to="/reviews">{inside}</Link>;
  if (to?.page === 'orders')
    return (
      <Link to="/orders" search={to.search}>
        {inside}
      </Link>
    );
  return <div>{inside}</div>;
}

export function StatusCard({ overview }: { readonly overview: Overview }) {
  const { t, name } = useWords();
  return (
    <Card title={t('overview.byStatus')}>
      <ul className="statuses">
        {statusCounts(overview).map(({ status, count }) => (
          <li key={status ?? 'none'} className={count === 0 ? 'is-zero' : undefined}>
            <Link to="/orders" search={{ status: status ?? NO_STATUS }}>
              <b className="figure">{count.toLocaleString('en')}</b>
              <span>{status === null ? t('orders.noStatus') : name('status', status)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
