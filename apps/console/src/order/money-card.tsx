import type { Order } from '../api/types.ts';
import { Card, Mark } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';
import { moneyView } from './money.ts';

export function MoneyCard({ order }: { readonly order: Order }) {
  const words = useWords();
  const { t } = words;
  const view = moneyView(order, words);
  const row = ({ id, label, amount }: { readonly id: string; readonly label: string; readonly amount: string }) => (
    <tr key={id}>
      <th scope="row">{label}</th>
      <td className="number">{amount}</td>
    </tr>
  );
  return (
    <Card title={t('part.money')}>
      <table className="money">
        <tbody>{view.parts.map(row)}</tbody>
        <tbody className="total">
          <tr>
            <th scope="row">
              {t('money.payable')}{' '}
              {view.differs === null ? (
                <span className="soft">✓ {t('money.adds')}</span>
              ) : (
                <Mark tone="bad">≠ {t('money.differs', view.differs)}</Mark>
              )}
            </th>
            <td className="number">{view.payable}</td>
          </tr>
        </tbody>
        <tbody>{view.settled.map(row)}</tbody>
      </table>
    </Card>
  );
}
