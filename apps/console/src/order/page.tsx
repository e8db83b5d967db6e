import { getRouteApi } from '@tanstack/react-router';
import { OrderView } from './order-view.tsx';

const route = getRouteApi('/inside/orders/$orderKey');

export function OrderPage() {
  const { orderKey } = route.useParams();
  return (
    <div className="page">
      <OrderView key={orderKey} orderKey={orderKey} />
    </div>
  );
}
