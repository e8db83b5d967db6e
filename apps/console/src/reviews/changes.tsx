/** Before and after, place by place. */
import type { Change } from '../api/types.ts';
import { useWords } from '../words/context.tsx';
import { shownValue } from './edits.ts';

export function Changes({ changes }: { readonly changes: readonly Change[] }) {
  const { t } = useWords();
  return (
    <table className="table changes-table">
      <thead>
        <tr>
          <th>{t('reviews.where')}</th>
          <th>{t('reviews.before')}</th>
          <th>{t('reviews.after')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ pointer, before, after }) => (
          <tr key={pointer}>
            <td className="mono">{pointer}</td>
            <td>
              <del>{shownValue(before) ?? t('reviews.nothing')}</del>
            </td>
            <td>
              <ins>{shownValue(after) ?? t('reviews.nothing')}</ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
