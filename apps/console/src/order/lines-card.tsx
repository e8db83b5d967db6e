import type { Order } from '../api/types.ts';
import { amountText, shownAmount } from '../shared/money.ts';
import { Card, Mark } from '../shared/parts.tsx';
import { statusTone } from '../shared/tone.ts';
import { useWords } from '../words/context.tsx';
import { lineFen } from './money.ts';

export function LinesCard({ order }: { readonly order: Order }) {
  const { t } = useWords();
  if (order.lines.length === 0) return null;
  return (
    <Card title={t('part.lines')}>
      <div className="table-box" tabIndex={0} role="region" aria-label={t('part.lines')}>
        <table className="table lines">
          <thead>
            <tr>
              <th>{t('lines.title')}</th>
              <th>{t('lines.status')}</th>
              <th className="number">{t('lines.price')}</th>
              <th className="number">{t('lines.quantity')}</th>
              <th className="number">{t('lines.discount')}</th>
              <th className="number">{t('lines.amount')}</th>
            </tr>
          </thead>
          <tbody>
            {order.lines.map((line) => (
              <LineRow key={line.lineId} line={line} currency={order.currency} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function LineRow({ line, currency }: { readonly line: Order['lines'][number]; readonly currency: string }) {
  const { t, name } = useWords();
  return (
    <tr>
      <td>
        <div>
          {line.title} {line.gift && <Mark tone="calm">{t('lines.gift')}</Mark>}
        </div>
        <div className="soft mono">{line.sku}</div>
      </td>
      <td>
        <Mark tone={statusTone(line.status)}>{name('status', line.status)}</Mark>
        {line.shipped > 0 && line.shipped < line.quantity && (
          <div className="soft">{t('lines.shipped', { n: line.shipped, all: line.quantity })}</div>
        )}
      </td>
      <td className="number">{shownAmount(line.unitPrice, currency)}</td>
      <td className="number">{line.quantity}</td>
      <td className="number">{line.discount === '0.00' ? '—' : `−${shownAmount(line.discount, currency)}`}</td>
      <td className="number">{amountText(lineFen(line), currency)}</td>
    </tr>
  );
}
