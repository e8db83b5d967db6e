/** Who changed what, when, and from where. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { auditListQuery, isCut } from '../api/queries.ts';
import type { AuditRecord } from '../api/types.ts';
import { useNow } from '../shared/clock.ts';
import { CutAt, More } from '../shared/more.tsx';
import { Moment } from '../shared/parts.tsx';
import { AsOf, Empty, Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { AUDIT_SPANS, AUDIT_WHATS, auditQueryOf, linesOf, readAuditSearch } from './filters.ts';

const route = getRouteApi('/inside/audit');

export function AuditPage() {
  const { t } = useWords();
  const search = route.useSearch();
  const now = useNow();
  const [asked] = useState(now); // rows do not move under the cursor: a span ends when the page was opened
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, dataUpdatedAt } = useInfiniteQuery(
    auditListQuery(auditQueryOf(search, asked)),
  );
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('audit.title')}</h1>
        {data && <AsOf at={dataUpdatedAt} error={error} />}
      </div>
      <p className="soft lead">{t('audit.lead')}</p>
      <Filters key={JSON.stringify(search)} />
      {!data && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />)}
      {data && items.length === 0 && <Empty>{t('audit.empty')}</Empty>}
      {items.length > 0 && (
        <section className="card">
          <Records items={items} />
          {isCut(data?.pages) && <CutAt n={items.length} />}
          {hasNextPage && <More isLoading={isFetchingNextPage} load={() => void fetchNextPage()} />}
        </section>
      )}
    </div>
  );
}

function Filters() {
  const { t, name: nameOf } = useWords();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void navigate({ search: readAuditSearch(Object.fromEntries(new FormData(event.currentTarget))) });
  };
  return (
    <form className="filters" aria-label={t('audit.filters')} onSubmit={submit}>
      <select name="what" defaultValue={search.what ?? ''} aria-label={t('audit.what')}>
        <option value="">{t('audit.anything')}</option>
        {AUDIT_WHATS.map((what) => (
          <option key={what} value={what}>
            {nameOf('audit', what)}
          </option>
        ))}
      </select>
      {(['who', 'subject'] as const).map((name) => (
        <input key={name} name={name} defaultValue={search[name] ?? ''} placeholder={t(`audit.${name}`)} aria-label={t(`audit.${name}`)} />
      ))}
      <select name="since" defaultValue={search.since ?? ''} aria-label={t('audit.since')}>
        <option value="">{t('audit.ever')}</option>
        {AUDIT_SPANS.map((span) => (
          <option key={span} value={span}>
            {t(`audit.last${span}`)}
          </option>
        ))}
      </select>
      <Button htmlType="submit" type="primary">
        {t('audit.look')}
      </Button>
    </form>
  );
}

function Records({ items }: { readonly items: readonly AuditRecord[] }) {
  const { t, name } = useWords();
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label={t('audit.title')}>
      <table className="table">
        <thead>
          <tr>
            {(['at', 'who', 'from', 'what', 'subject', 'detail'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`audit.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <td>
                <Moment at={item.at} />
              </td>
              <td title={item.who}>{item.name ?? item.who}</td>
              <td>
                {item.via === null ? '–' : name('via', item.via)} <span className="soft mono">{item.address ?? ''}</span>
              </td>
              <td title={item.what}>{name('audit', item.what)}</td>
              <td className="mono">{item.subject ?? '–'}</td>
              <td>
                <Detail detail={item.detail} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Detail({ detail }: Pick<AuditRecord, 'detail'>) {
  return linesOf(detail).map(({ name, before, after }) => (
    <div key={name}>
      <span className="soft">{name}</span> {before === undefined ? '' : `${before} → `}
      {after}
    </div>
  ));
}
