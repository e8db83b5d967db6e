import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { Alert, Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { login } from '../api/mutations.ts';
import { Switches } from '../app/top-bar.tsx';
import { sentenceFor } from '../shared/sentence.ts';
import { useWords } from '../words/context.tsx';

/** Only an address of this console: "//elsewhere" and "/\elsewhere" would lead out of it. */
const isOurs = (address: string): boolean => /^\/(?![/\\])/.test(address) && !address.startsWith('/login');

export function LoginPage() {
  const words = useWords();
  const { t } = words;
  const client = useQueryClient();
  const router = useRouter();
  const { from } = useSearch({ from: '/login' });
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const entering = useMutation({
    mutationFn: login,
    onSuccess: () => {
      client.clear();
      router.history.push(from !== undefined && isOurs(from) ? from : '/');
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!entering.isPending) entering.mutate({ login: name.trim(), password });
  };
  return (
    <main className="login">
      <form onSubmit={submit} className="login-card">
        <h1>
          <span aria-hidden="true">堰</span> Weir
        </h1>
        <p className="soft">{t('login.lead')}</p>
        {from !== undefined && !entering.error && <Alert type="info" title={t('login.first')} />}
        {entering.error && <Alert type="error" showIcon title={sentenceFor(entering.error, words)} />}
        <label>
          {t('login.name')}
          <Input size="large" autoFocus required autoComplete="username" value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <label>
          {t('login.password')}
          <Input.Password
            size="large"
            required
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        <Button type="primary" size="large" htmlType="submit" block loading={entering.isPending}>
          {t('login.go')}
        </Button>
        <div className="login-switches">
          <Switches />
        </div>
      </form>
    </main>
  );
}
