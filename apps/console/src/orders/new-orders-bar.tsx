import { useWords } from '../words/context.tsx';

/** More new orders than this are not counted, only said. */
export const NEW_LIMIT = 99;

/** New orders gather here instead of moving the rows under the cursor. Its place is kept, so that nothing jumps when it comes. */
export function NewOrdersBar({ count, load }: { readonly count: number; readonly load: () => void }) {
  const { t } = useWords();
  const text = count > NEW_LIMIT ? t('orders.newMany', { n: NEW_LIMIT }) : t('orders.new', { n: count });
  return (
    <div className="new-orders" role="status">
      {count > 0 && (
        <button type="button" onClick={load}>
          ↑ {text}
        </button>
      )}
    </div>
  );
}
