/** Views that everybody has, then one's own (kept in this browser). Each is nothing but a set of filters in the address. */
import { CloseOutlined, StarOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import { useWords } from '../words/context.tsx';
import { type OrderSearch, sameSearch, VIEWS } from './filters.ts';
import { readSavedViews, type SavedView, withoutView, withView } from './saved-views.ts';

const SAVED_AS = 'weir.views';
const NAME_LIMIT = 20;

export function ViewTabs({
  search,
  go,
  isSearching,
}: {
  readonly search: OrderSearch;
  readonly go: (search: OrderSearch) => void;
  readonly isSearching: boolean;
}) {
  const { t, name } = useWords();
  const [saved, setSaved] = useState(() => readSavedViews(localStorage.getItem(SAVED_AS)));
  const [naming, setNaming] = useState<string | null>(null);
  const keep = (views: readonly SavedView[]): void => {
    localStorage.setItem(SAVED_AS, JSON.stringify(views));
    setSaved(views);
  };
  const save = (): void => {
    if (naming === null || naming.trim() === '') return;
    const { open: _, ...filters } = search;
    keep(withView(saved, { name: naming.trim(), search: filters }));
    setNaming(null);
  };
  const isKnown = [...VIEWS, ...saved].some((view) => sameSearch(view.search, search));
  const tab = (id: string, view: OrderSearch, label: string) => {
    const isOn = !isSearching && sameSearch(view, search);
    return (
      <Link
        key={id}
        to="/orders"
        search={view}
        className={isOn ? 'tab is-on' : 'tab'}
        aria-current={isOn ? 'page' : undefined}
        onClick={() => go(view)}
      >
        {label}
      </Link>
    );
  };
  return (
    <nav className="tabs" aria-label={t('orders.views')}>
      {VIEWS.map(({ id, search: view }) => tab(id, view, id === 'all' || id === 'held' ? t(`orders.${id}`) : name('status', id)))}
      {saved.map((view) => (
        <span key={view.name} className="tab-own">
          {tab(`own.${view.name}`, view.search, view.name)}
          <button
            type="button"
            className="icon-button"
            aria-label={t('orders.dropView', { name: view.name })}
            onClick={() => keep(withoutView(saved, view.name))}
          >
            <CloseOutlined />
          </button>
        </span>
      ))}
      {!isKnown && !isSearching && (
        <Button type="text" size="small" icon={<StarOutlined />} onClick={() => setNaming('')}>
          {t('orders.saveView')}
        </Button>
      )}
      <Modal
        open={naming !== null}
        title={t('orders.saveView')}
        okText={t('do.ok')}
        cancelText={t('do.cancel')}
        onOk={save}
        mask={{ closable: false }}
        onCancel={() => setNaming(null)}
        destroyOnHidden
      >
        <label>
          {t('orders.saveViewName')}
          <Input
            autoFocus
            maxLength={NAME_LIMIT}
            value={naming ?? ''}
            onChange={(event) => setNaming(event.target.value)}
            onPressEnter={save}
          />
        </label>
      </Modal>
    </nav>
  );
}
