/** One box for an order key, a platform's id, a tracking number or a whole phone number; one hit opens the order. `/` comes here from anywhere. */
import { SearchOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { findByNumber, type NumberHits, type PhoneHits, searchByPhone } from '../api/mutations.ts';
import type { ListItem, Page } from '../api/types.ts';
import { isTyping } from '../shared/keyboard.ts';
import { sentenceFor } from '../shared/sentence.ts';
import { useWords } from '../words/context.tsx';
import { rememberPhoneHits } from '../orders/phone-hits.ts';
import { maskedPhone, type Wanted, wantedOf } from './search.ts';

interface Found {
  readonly wanted: Wanted;
  readonly page: (Page<ListItem> & Partial<Pick<PhoneHits, 'hasMore'>>) | null;
  /** Which filter of the list shows the same. */
  readonly filter?: NumberHits['name'];
}
async function look(wanted: Wanted): Promise<Found> {
  if (wanted.kind === 'phone') return { wanted, page: await searchByPhone(wanted.phone) };
  if (wanted.kind !== 'number') return { wanted, page: null };
  const { name, page } = await findByNumber(wanted.number);
  return { wanted, page, filter: name };
}

export function SearchBox() {
  const words = useWords();
  const { t } = words;
  const navigate = useNavigate();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const openOrder = (orderKey: string): void => {
    setText('');
    input.current?.blur(); // or the next key would be typed here: `/`, Esc, j and k are the page's again
    void navigate({ to: '/orders/$orderKey', params: { orderKey } });
  };
  const search = useMutation({
    mutationFn: look,
    onSuccess: ({ wanted, page, filter }) => {
      const [first, second] = page?.items ?? [];
      if (wanted.kind === 'orderKey') openOrder(wanted.orderKey);
      else if (first !== undefined && second === undefined) openOrder(first.orderKey);
      else if (first !== undefined && wanted.kind === 'number' && filter !== undefined)
        void navigate({ to: '/orders', search: { [filter]: wanted.number } });
      else if (first !== undefined && wanted.kind === 'phone') {
        rememberPhoneHits(client, { phone: maskedPhone(wanted.phone), items: page?.items ?? [], hasMore: page?.hasMore === true });
        setText('');
        void navigate({ to: '/orders', search: {} });
      }
    },
  });
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      if (event.key !== '/' || isTyping(event)) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const wanted = wantedOf(text);
    if (wanted.kind !== 'nothing') search.mutate(wanted);
  };
  const foundNothing = search.data?.page?.items.length === 0;
  const isWords = search.data?.wanted.kind === 'words';
  return (
    <search className="search">
      <form onSubmit={submit}>
        <SearchOutlined aria-hidden="true" />
        <input
          ref={input}
          type="search"
          aria-label={t('top.search')}
          placeholder={t('top.searchHint')}
          value={text}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
            search.reset();
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        <kbd aria-hidden="true">/</kbd>
      </form>
      {(foundNothing || isWords || search.error) && (
        <p className="search-answer" role="alert">
          {search.error ? sentenceFor(search.error, words) : t(isWords ? 'top.words' : 'top.nothing', { text })}
        </p>
      )}
    </search>
  );
}
