import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { Switches } from '../app/top-bar.tsx';
import { useWords } from '../words/context.tsx';
import { LoginForm } from './login-form.tsx';

/** Only an address of this console: "//elsewhere" and "/\elsewhere" would lead out of it. */
const isOurs = (address: string): boolean => /^\/(?![/\\])/.test(address) && !address.startsWith('/login');

export function LoginPage() {
  const { t } = useWords();
  const client = useQueryClient();
  const router = useRouter();
  const { from } = useSearch({ from: '/login' });
  const enter = (): void => {
    client.clear();
    router.history.push(from !== undefined && isOurs(from) ? from : '/');
  };
  return (
    <main className="login">
      <div className="login-card">
        <h1>
          <span aria-hidden="true">堰</span> Weir
        </h1>
        <p className="soft">{t('login.lead')}</p>
        <LoginForm {...(from === undefined ? {} : { why: t('login.first') })} onDone={enter} />
        <div className="login-switches">
          <Switches />
        </div>
      </div>
    </main>
  );
}
