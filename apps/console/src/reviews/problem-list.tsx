import type { Problem } from '@weir/contract';
import { Card, Mark } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';

export function ProblemList({ problems }: { readonly problems: readonly Problem[] }) {
  const { t, language } = useWords();
  return (
    <Card title={t('reviews.problems', { n: problems.length })}>
      <ul className="rows problems">
        {problems.map((problem) => (
          <li key={`${problem.code} ${problem.pointer}`}>
            <div className="line">
              <Mark tone={problem.severity === 'blocking' ? 'bad' : 'waiting'}>
                {problem.severity === 'blocking' ? '■' : '▲'} {t(`reviews.${problem.severity}`)}
              </Mark>
              <code>{problem.pointer === '' ? t('reviews.wholeMessage') : problem.pointer}</code>
              <span className="spacer" />
              <span className="soft mono">{problem.code}</span>
            </div>
            <div>{language === 'zh' ? problem.zh : problem.en}</div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
