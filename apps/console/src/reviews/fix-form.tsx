/** Typed edits of a blocked message: preview first, then send exactly what was previewed. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Input } from 'antd';
import { useState } from 'react';
import { fixReview, previewFix } from '../api/mutations.ts';
import type { Edit, ReviewCase } from '../api/types.ts';
import { Card } from '../shared/parts.tsx';
import { Failed } from '../shared/states.tsx';
import { useTell } from '../shared/tell.tsx';
import { useWishes } from '../shared/wish-key.ts';
import { useWords } from '../words/context.tsx';
import { Changes } from './changes.tsx';
import { type Draft, draftsFor, editsOf, isStillOpen, VALUE_KINDS, type ValueKind } from './edits.ts';

const EDITS_LIMIT = 100;
const EMPTY: Draft = { pointer: '', text: '', kind: 'text' };

export interface FixFormProps {
  readonly item: ReviewCase;
  readonly onDone: () => void;
}
export function FixForm({ item, onDone }: FixFormProps) {
  const { t } = useWords();
  const client = useQueryClient();
  const { tellAnswer } = useTell();
  const { press, settle } = useWishes();
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => draftsFor(item.problems, item.message));
  const [wrong, setWrong] = useState<readonly string[]>([]);
  const previewing = useMutation({
    mutationFn: async (edits: readonly Edit[]) => ({ edits, changes: (await previewFix(item.id, edits)).changes }),
  });
  const fixing = useMutation({
    mutationFn: (edits: readonly Edit[]) => fixReview(item.id, edits, press(edits).key),
    onSuccess: async (answer) => {
      tellAnswer(answer, t('reviews.fixed'));
      if (!isStillOpen(answer)) onDone();
      await client.invalidateQueries({ queryKey: ['review'] });
      await client.invalidateQueries({ queryKey: ['reviews'] });
      await client.invalidateQueries({ queryKey: ['overview'] });
    },
    onSettled: (_, error, edits) => settle(edits, error),
  });
  const change = (next: readonly Draft[]): void => {
    setDrafts(next);
    setWrong([]);
    previewing.reset(); // what is sent is always what was previewed
    fixing.reset();
  };
  const preview = (): void => {
    const read = editsOf(drafts);
    if (!read.ok) setWrong(read.notNumbers.map((pointer) => t('reviews.notNumber', { pointer })));
    else if (read.edits.length === 0) setWrong([t('reviews.noEdits')]);
    else previewing.mutate(read.edits);
  };
  return (
    <Card title={t('reviews.fix')}>
      <div className="fix">
        <p className="soft">{t('reviews.fixLead')}</p>
        {drafts.map((draft, index) => (
          <DraftRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the form
            key={index}
            draft={draft}
            change={(next) => change(drafts.map((each, at) => (at === index ? next : each)))}
            drop={() => change(drafts.filter((_, at) => at !== index))}
          />
        ))}
        <div className="line">
          <Button type="dashed" icon={<PlusOutlined />} disabled={drafts.length >= EDITS_LIMIT} onClick={() => change([...drafts, EMPTY])}>
            {t('reviews.add')}
          </Button>
          <span className="spacer" />
          <Button loading={previewing.isPending} onClick={preview}>
            {t('reviews.preview')}
          </Button>
          <Button
            type="primary"
            disabled={previewing.data === undefined}
            loading={fixing.isPending}
            onClick={() => previewing.data && fixing.mutate(previewing.data.edits)}
          >
            {t('reviews.fix')}
          </Button>
        </div>
        {wrong.map((text) => (
          <Alert key={text} type="warning" title={text} />
        ))}
        {previewing.error && <Failed error={previewing.error} title={t('reviews.preview')} />}
        {previewing.data && <Changes changes={previewing.data.changes} />}
        {fixing.error && <Failed error={fixing.error} title={t('reviews.fix')} />}
      </div>
    </Card>
  );
}

function DraftRow({ draft, change, drop }: { readonly draft: Draft; readonly change: (draft: Draft) => void; readonly drop: () => void }) {
  const { t } = useWords();
  return (
    <div className="draft">
      <Input
        className="mono"
        aria-label={t('reviews.pointer')}
        placeholder="/payable"
        maxLength={200}
        value={draft.pointer}
        onChange={(event) => change({ ...draft, pointer: event.target.value })}
      />
      <select
        aria-label={t('reviews.kind')}
        value={draft.kind}
        onChange={(event) => change({ ...draft, kind: event.target.value as ValueKind })}
      >
        {VALUE_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(`reviews.kind.${kind}`)}
          </option>
        ))}
      </select>
      <Input
        aria-label={t('reviews.value')}
        placeholder={t('reviews.value')}
        disabled={draft.kind === 'remove'}
        value={draft.kind === 'remove' ? '' : draft.text}
        onChange={(event) => change({ ...draft, text: event.target.value })}
      />
      <button type="button" className="icon-button" aria-label={t('reviews.dropEdit', { pointer: draft.pointer })} onClick={drop}>
        <DeleteOutlined />
      </button>
    </div>
  );
}
