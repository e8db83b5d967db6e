import { PROBLEMS } from '@weir/contract/problems';
import type { Order } from '../api/types.ts';
import { shownAmount } from '../shared/money.ts';
import { Ago, Card, Copy, Mark } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';

export function ShipmentsCard({ order }: { readonly order: Order }) {
  const { t } = useWords();
  return (
    <Card title={t('part.shipments')}>
      {order.shipments.length === 0 && <p className="soft padded">{t('shipments.none')}</p>}
      <ul className="rows">
        {order.shipments.map(({ id, carrier, trackingNumber, at, lines, own, former }) => (
          <li key={id}>
            <div className="line">
              <b>{carrier}</b> <span className="mono">{trackingNumber}</span>
              <Copy text={trackingNumber} />
              {own === true && <Mark tone="calm">{t('shipments.own')}</Mark>}
              <span className="spacer" />
              <Ago at={at} />
            </div>
            <div className="soft">{lines.map((line) => `${titleOf(order, line.lineId)} × ${line.quantity}`).join(' · ')}</div>
            {former !== undefined && <div className="soft mono">{t('shipments.former', { numbers: former.join(' ') })}</div>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

const titleOf = ({ lines }: Order, lineId: string): string => lines.find((line) => line.lineId === lineId)?.title ?? lineId;

export function RefundsCard({ order }: { readonly order: Order }) {
  const { t, name } = useWords();
  if (order.refunds.length === 0) return null;
  return (
    <Card title={t('part.refunds')} extra={<span className="soft">{name('refund', order.refund)}</span>}>
      <ul className="rows">
        {order.refunds.map(({ id, lineId, amount, status, at }) => (
          <li key={id}>
            <div className="line">
              <Mark tone={status === 'requested' || status === 'agreed' ? 'waiting' : 'calm'}>{name('refundStatus', status)}</Mark>
              <b className="figure">{shownAmount(amount, order.currency)}</b>
              <span className="spacer" />
              <Ago at={at} />
            </div>
            <div className="soft">
              <span className="mono">{id}</span>
              {lineId !== undefined && ` · ${t('refunds.line', { id: lineId })}`}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function WarningsCard({ order }: { readonly order: Order }) {
  const { t, language } = useWords();
  if (order.warnings.length === 0) return null;
  return (
    <Card title={t('part.warnings')}>
      <ul className="rows">
        {order.warnings.map(({ code, pointer }) => (
          <li key={`${code} ${pointer}`}>
            {/* A stored warning keeps no readings, so a sentence that needs one is told by its place alone. */}
            <span>{warningText(code, language)}</span> <span className="soft mono">{pointer}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function warningText(code: string, language: 'zh' | 'en'): string {
  if (!Object.hasOwn(PROBLEMS, code)) return code;
  return PROBLEMS[code as keyof typeof PROBLEMS][language].replace(/\{\w+\}/g, '…');
}
