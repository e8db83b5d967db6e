import { Link } from '@tanstack/react-router';
import type { Overview } from '../api/types.ts';
import { AcceptFewRows } from './accept-few-rows.tsx';
import { NO_STATUS } from '../orders/filters.ts';
import { Card } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';
import { statusCounts, type Todo, todosOf } from './view-model.ts';

export function TodoCard({ overview }: { readonly overview: Overview }) {
  const words = useWords();
  const todos = todosOf(overview, words);
  return (
    <Card title={words.t('overview.todo')}>
      {todos.length === 0 ? (
        <p className="all-right">✓ {words.t('overview.nothingToDo')}</p>
      ) : (
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
