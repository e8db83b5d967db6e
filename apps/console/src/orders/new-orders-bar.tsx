import { useWords } from '../words/context.tsx';

/** More new orders than this are not counted, only said. */
export const NEW_LIMIT = 99;

/** New orders gather here instead of moving the rows under the cursor. Its place is kept, so that nothing jumps when it comes. */
export interface NewOrdersBarProps {
  readonly count: number;
  /** They need not be new: they have come to have the status, or the hold, of this list. */
  readonly isOfStatus: boolean;
  /** Changes were told to nobody, so that nobody can count them. */
  readonly hasMissed: boolean;
  readonly load: () => void;
}
export function NewOrdersBar({ count, isOfStatus, hasMissed, load }: NewOrdersBarProps) {
  const { t } = useWords();
  const n = Math.min(count, NEW_LIMIT);
  const many =
    count > NEW_LIMIT ? t(isOfStatus ? 'orders.comeMany' : 'orders.newMany', { n }) : t(isOfStatus ? 'orders.come' : 'orders.new', { n });
  const text = hasMissed ? t('orders.missed') : many;
  return (
    <div className="new-orders" role="status">
      {(count > 0 || hasMissed) && (
        <button type="button" onClick={load}>
          ↑ {text}
        </button>
      )}
    </div>
  );
}
