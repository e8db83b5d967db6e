/** Nothing is decided for many before a person has seen what would become of them. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { askReviewRun, previewReviewRun } from '../api/mutations.ts';
import type { BulkDecision, BulkWish, ReviewGroup, ReviewPreview } from '../api/types.ts';
import { Mark } from '../shared/parts.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { Failed } from '../shared/states.tsx';
import { useTell } from '../shared/tell.tsx';
import { useWords } from '../words/context.tsx';
import { Changes } from './changes.tsx';
import { CHINA, DEEDS, type Deed, type RecipeDraft, recipesOf, suggested } from './recipes.ts';

const RECIPES_LIMIT = 20;
const number = (n: number): string => n.toLocaleString('en');

export function BulkDialog({
  group,
  decision,
  close,
}: {
  readonly group: ReviewGroup;
  readonly decision: BulkDecision;
  readonly close: () => void;
}) {
  const { t } = useWords();
  const client = useQueryClient();
  const { tell } = useTell();
  const [drafts, setDrafts] = useState<readonly RecipeDraft[]>(() => suggested(group.problems));
  const previewing = useMutation({ mutationFn: async (wish: BulkWish) => ({ wish, found: await previewReviewRun(wish) }) });
  const asking = useMutation({
    mutationFn: askReviewRun,
    onSuccess: async ({ cases }) => {
      tell(t('bulk.asked', { n: number(cases) }));
      close();
      await client.invalidateQueries({ queryKey: ['reviewRuns'] });
    },
  });
  const recipes = decision === 'fix' ? recipesOf(drafts) : undefined;
  const wish: BulkWish | null =
    recipes === null
      ? null
      : { decision, where: { reason: group.reason, channel: group.channel }, ...(recipes === undefined ? {} : { recipes }) };
  const found = previewing.data?.found;
  return (
    <Dialog
      isBusy={asking.isPending}
      width={640}
      title={t('bulk.title', { what: t(`bulk.${decision}`), n: number(found?.cases ?? group.cases) })}
      okText={t('bulk.go', { n: found === undefined ? '…' : number(found.cases) })}
      okButtonProps={{
        danger: decision === 'reject',
        disabled: found === undefined || found.passing === 0,
      }}
      cancelText={t('do.cancel')}
      onOk={() => previewing.data && asking.mutate(asSeen(previewing.data))}
      close={close}
    >
      <p>
        <code>{group.reason}</code>
      </p>
      {decision === 'fix' && (
        <Recipes
          drafts={drafts}
          change={(next) => {
            setDrafts(next);
            previewing.reset(); // what is decided is always what was previewed
          }}
        />
      )}
      <p>
        <Button
          className="bulk-preview"
          disabled={wish === null}
          loading={previewing.isPending}
          onClick={() => wish && previewing.mutate(wish)}
        >
          {t('bulk.preview')}
        </Button>
      </p>
      {found && <Found found={found} />}
      {(previewing.error ?? asking.error) && <Failed error={previewing.error ?? asking.error} />}
    </Dialog>
  );
}

/** What is decided is what was counted: what came since needs another look. */
const asSeen = ({ wish, found: { cases, newest } }: { readonly wish: BulkWish; readonly found: ReviewPreview }): BulkWish =>
  newest === null ? wish : { ...wish, expected: { cases, newest } };

function Recipes({
  drafts,
  change,
}: {
  readonly drafts: readonly RecipeDraft[];
  readonly change: (drafts: readonly RecipeDraft[]) => void;
}) {
  const { t } = useWords();
  const put = (at: number, next: Partial<RecipeDraft>): void => change(drafts.map((each, i) => (i === at ? { ...each, ...next } : each)));
  return (
    <div className="fix">
      <p className="soft">{t('bulk.recipesLead')}</p>
      {drafts.map((draft, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the form
        <div className="draft" key={at}>
          <Input
            className="mono"
            aria-label={t('reviews.pointer')}
            placeholder="/discounts/*/payer"
            maxLength={200}
            value={draft.pointer}
            onChange={(event) => put(at, { pointer: event.target.value })}
          />
          <select
            aria-label={t('bulk.do')}
            value={draft.deed}
            onChange={(event) => {
              const deed = event.target.value as Deed;
              put(at, { deed, text: deed === 'zone' ? CHINA : '' });
            }}
          >
            {DEEDS.map((deed) => (
              <option key={deed} value={deed}>
                {t(`bulk.do.${deed}`)}
              </option>
            ))}
          </select>
          <Input
            aria-label={t('reviews.value')}
            placeholder={t('reviews.value')}
            disabled={draft.deed !== 'set' && draft.deed !== 'zone'}
            value={draft.text}
            onChange={(event) => put(at, { text: event.target.value })}
          />
          <button
            type="button"
            className="icon-button"
            aria-label={t('reviews.dropEdit', { pointer: draft.pointer })}
            onClick={() => change(drafts.filter((_, i) => i !== at))}
          >
            <DeleteOutlined />
          </button>
        </div>
      ))}
      <Button
        type="dashed"
        icon={<PlusOutlined />}
        disabled={drafts.length >= RECIPES_LIMIT}
        onClick={() => change([...drafts, { pointer: '', deed: 'set', text: '' }])}
      >
        {t('reviews.add')}
      </Button>
    </div>
  );
}

function Found({ found }: { readonly found: ReviewPreview }) {
  const { t, language } = useWords();
  const failing = found.checked - found.passing;
  const onlyTrying = found.examples.length > 0 && found.examples.every(({ passes }) => passes === null);
  return (
    <div className="bulk-found">
      <p role="status">
        {onlyTrying
          ? t('bulk.previewedTry', { n: number(found.cases) })
          : t('bulk.previewed', {
              n: number(found.cases),
              checked: number(found.checked),
              passing: number(found.passing),
              failing: number(failing),
            })}
      </p>
      <ul className="rows">
        {found.examples.map((example) => (
          <li key={example.id}>
            <div className="line">
              <span className="mono ellipsis">{example.id.split('.')[0]}</span>
              <span className="spacer" />
              {example.passes !== null && (
                <Mark tone={example.passes ? 'calm' : 'bad'}>{t(example.passes ? 'bulk.passes' : 'bulk.fails')}</Mark>
              )}
            </div>
            {example.problems.slice(0, 3).map((problem) => (
              <div key={`${problem.code} ${problem.pointer}`} className="soft">
                <code>{problem.pointer}</code> {language === 'zh' ? problem.zh : problem.en}
              </div>
            ))}
            {example.changes.length > 0 && <Changes changes={example.changes} />}
          </li>
        ))}
      </ul>
    </div>
  );
}
