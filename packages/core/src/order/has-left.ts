import { LIVE_STATUSES, type LiveStatus, type OrderStatus } from '@weir/contract';

const SHIPPED = LIVE_STATUSES.indexOf('shipped');
/** Whether goods of this status have left the house; one that has ended tells nothing of it. */
export const hasLeft = (status: OrderStatus | undefined): boolean => LIVE_STATUSES.indexOf(status as LiveStatus) >= SHIPPED;
