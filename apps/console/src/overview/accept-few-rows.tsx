import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Popconfirm } from 'antd';
import { acceptFewRows } from '../api/mutations.ts';
import { meQuery } from '../api/queries.ts';
import { may } from '../shared/may.ts';
import { sentenceFor } from '../shared/sentence.ts';
import { useTell } from '../shared/tell.tsx';
import { useWords } from '../words/context.tsx';
import type { Todo } from './view-model.ts';

/** Only for those who may say that few rows are right; others see that it waits. */
export function AcceptFewRows({ pull }: { readonly pull: NonNullable<Todo['pull']> }) {
  const words = useWords();
  const { t } = words;
  const client = useQueryClient();
  const { tell } = useTell();
  const { data: me } = useQuery(meQuery);
  const accepting = useMutation({
    mutationFn: () => acceptFewRows(pull),
    onSuccess: () => tell(t('overview.accepted')),
    onSettled: () => Promise.all(['overview', 'channels'].map((each) => client.invalidateQueries({ queryKey: [each] }))),
  });
  if (!may(me, 'POST /v1/pulls/{channel}/{shop}/{feed}:accept')) return null;
  return (
    <>
      <Popconfirm
        title={t('overview.acceptTitle')}
        description={t('overview.acceptLead')}
        okText={t('overview.acceptGo')}
        cancelText={t('do.cancel')}
        onConfirm={() => accepting.mutate()}
      >
        <Button size="small" loading={accepting.isPending}>
          {t('overview.accept')}
        </Button>
      </Popconfirm>
      {accepting.error && <small className="tone-bad">{sentenceFor(accepting.error, words)}</small>}
    </>
  );
}
