import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { Empty } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';

export function Crashed({ error }: { readonly error: unknown }) {
  const { t } = useWords();
  return (
    <main className="page crashed" role="alert">
      <p>{t('state.crash')}</p>
      <pre>{String((error as Error | undefined)?.message ?? error)}</pre>
      <Button type="primary" onClick={() => location.reload()}>
        {t('state.reload')}
      </Button>
    </main>
  );
}

export function NoPage() {
  const { t } = useWords();
  return (
    <div className="page">
      <Empty>
        {t('state.noPage')} · <Link to="/">{t('state.home')}</Link>
      </Empty>
    </div>
  );
}
