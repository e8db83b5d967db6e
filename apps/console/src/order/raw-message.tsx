/** The message behind an entry of the history, beside its reading. Personal values are masked by the server; administrators only. */
import { useQuery } from '@tanstack/react-query';
import { messageQuery } from '../api/queries.ts';
import { Moment } from '../shared/parts.tsx';
import { Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';

export function RawMessage({ id }: { readonly id: string }) {
  const { t } = useWords();
  const { data, error, refetch } = useQuery(messageQuery(id));
  if (data === undefined)
    return error ? <Failed error={error} retry={() => void refetch()} title={t('message.gone')} /> : <Loading rows={4} />;
  return (
    <div className="raw-message">
      <p className="soft">
        {t('message.lead', { bytes: data.bytes.toLocaleString('en') })} <Moment at={data.receivedAt} />
      </p>
      {/* A box that scrolls must be reachable by the keyboard. */}
      <pre tabIndex={0} role="region" aria-label={t('message.title')}>
        {JSON.stringify(data.body, null, 2)}
      </pre>
    </div>
  );
}
