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
    <main className="page">
      <Empty>
        <h1>{t('state.noPage')}</h1>
      </Empty>
      <Link to="/" className="centred">
        {t('state.home')}
      </Link>
    </main>
  );
}
