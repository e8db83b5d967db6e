import { Button } from 'antd';
import { useWords } from '../words/context.tsx';

/** The end of a list of which there is more. */
export function More({ isLoading, load }: { readonly isLoading: boolean; readonly load: () => void }) {
  const { t } = useWords();
  return (
    <div className="more">
      <Button block loading={isLoading} onClick={load}>
        {t('do.more')}
      </Button>
    </div>
  );
}

/** The end of a list of which there is more than it loads at all. */
export function CutAt({ n }: { readonly n: number }) {
  const { t } = useWords();
  return (
    <p className="soft padded" role="status">
      {t('orders.tooMany', { n: n.toLocaleString('en') })}
    </p>
  );
}
