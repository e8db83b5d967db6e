import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Checkbox } from 'antd';
import type { Shop } from '../api/channel-types.ts';
import { saveShop } from '../api/mutations.ts';
import { sentenceFor } from '../shared/sentence.ts';
import { useTell } from '../shared/tell.tsx';
import { useWords } from '../words/context.tsx';
import { Part } from './parts.tsx';

/** Whether our order key goes into the seller's note. Without the app in the wish, the credentials stay as they are. */
export function NotePart({ shop, mayChange }: { readonly shop: Shop; readonly mayChange: boolean }) {
  const words = useWords();
  const { t } = words;
  const client = useQueryClient();
  const { tell } = useTell();
  const saving = useMutation({
    mutationFn: (orderKeyInNote: boolean) => saveShop({ channel: shop.channel, shop: shop.shop, name: shop.name, orderKeyInNote }),
    onSuccess: (_, isOn) => tell(t(isOn ? 'channels.noteOn' : 'channels.noteOff')),
    onSettled: () => client.invalidateQueries({ queryKey: ['channels'] }),
  });
  return (
    <Part title={t('channels.noteTitle')}>
      <Checkbox
        checked={saving.isPending ? saving.variables : shop.orderKeyInNote !== false}
        disabled={!mayChange || saving.isPending}
        onChange={(event) => saving.mutate(event.target.checked)}
      >
        {t('channels.note')}
      </Checkbox>
      <p className="soft">{t('channels.noteLead')}</p>
      {saving.error && <p className="tone-bad">{sentenceFor(saving.error, words)}</p>}
    </Part>
  );
}
