import { CloseOutlined, ExpandOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { OrderView } from '../order/order-view.tsx';
import { useWords } from '../words/context.tsx';

/** The order beside its list; the list stays and can be walked on with j and k. */
export function OrderPanel({ orderKey, close }: { readonly orderKey: string; readonly close: () => void }) {
  const { t } = useWords();
  return (
    <aside className="panel" aria-label={t('orders.panel')}>
      <div className="panel-tools">
        <Link to="/orders/$orderKey" params={{ orderKey }} className="text-button">
          <ExpandOutlined aria-hidden="true" /> {t('orders.open')}
        </Link>
        <button type="button" className="icon-button" onClick={close} aria-label={t('do.close')}>
          <CloseOutlined />
        </button>
      </div>
      <OrderView orderKey={orderKey} />
    </aside>
  );
}
