/** Over the page whose session ended: what was typed there stays, and goes on after the login. */
import { useQueryClient } from '@tanstack/react-query';
import { Modal } from 'antd';
import { meQuery } from '../api/queries.ts';
import { openStream } from '../api/stream.ts';
import type { Me } from '../api/types.ts';
import { LoginForm } from '../login/login-form.tsx';
import { useWords } from '../words/context.tsx';
import { sessionEnded } from './session.ts';

export function LoginAgain({ was }: { readonly was: Me }) {
  const { t } = useWords();
  const client = useQueryClient();
  const goOn = (me: Me): void => {
    if (me.id !== was.id) return location.reload(); // nothing of one person stays for another
    sessionEnded(false);
    openStream();
    void client.invalidateQueries({ queryKey: meQuery.queryKey });
    void client.invalidateQueries();
  };
  return (
    <Modal open title={t('login.again')} footer={null} closable={false} keyboard={false} mask={{ closable: false }} zIndex={2_000}>
      <LoginForm why={t('login.againLead', { name: was.name })} onDone={goOn} />
    </Modal>
  );
}
