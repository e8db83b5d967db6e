import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { login } from '../api/mutations.ts';
import type { Me } from '../api/types.ts';
import { sentenceFor } from '../shared/sentence.ts';
import { useWords } from '../words/context.tsx';

export interface LoginFormProps {
  /** Why one is asked. */
  readonly why?: string;
  readonly onDone: (me: Me) => void;
}
export function LoginForm({ why, onDone }: LoginFormProps) {
  const words = useWords();
  const { t } = words;
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const entering = useMutation({ mutationFn: login, onSuccess: onDone });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!entering.isPending) entering.mutate({ login: name.trim(), password });
  };
  return (
    <form onSubmit={submit} className="login-form">
      {why !== undefined && !entering.error && <Alert type="info" title={why} />}
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
    </form>
  );
}
