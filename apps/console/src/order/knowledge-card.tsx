import { useQuery } from '@tanstack/react-query';
import { knowledgeQuery } from '../api/queries.ts';
import type { Knowledge } from '../api/types.ts';
import { Card, Mark } from '../shared/parts.tsx';
import { AsOf, Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';

/** Which system knows which version. */
export function KnowledgeCard({ orderKey }: { readonly orderKey: string }) {
  const { t, language } = useWords();
  const { data, error, refetch, dataUpdatedAt } = useQuery(knowledgeQuery(orderKey));
  return (
    <Card title={t('part.knowledge')} extra={data && error && <AsOf at={dataUpdatedAt} error={error} />}>
      {!data && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading rows={2} />)}
      {data?.items.length === 0 && <p className="soft padded">{t('knowledge.none')}</p>}
      <ul className="rows">
        {data?.items.map((known) => (
          <li key={known.endpoint}>
            <div className="line">
              <b>{known.name}</b>
              <span className="spacer" />
              <KnownVersion known={known} />
            </div>
            {known.why && <div className="soft">{known.why[language]}</div>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function KnownVersion({ known: { version, latest, wanted = latest, parked, differs } }: { readonly known: Knowledge }) {
  const { t } = useWords();
  const has = version ?? 0;
  if (differs) return <Mark tone="bad">≠ {t('knowledge.differs', { n: has })}</Mark>;
  if (has === 0 && wanted === 0 && !parked) return <span className="soft">{t('knowledge.never')}</span>;
  if (has >= wanted && !parked) return <span>✓ {t(has >= latest ? 'knowledge.current' : 'knowledge.enough', { n: has })}</span>;
  return (
    <>
      <Mark tone={parked ? 'waiting' : 'moving'}>
        ▲ {has === 0 ? t('knowledge.nothing') : t('knowledge.behind', { n: has, behind: wanted - has })}
      </Mark>
      {parked && <Mark tone="bad">‖ {t('knowledge.parked')}</Mark>}
    </>
  );
}
