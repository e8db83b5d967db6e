import { LogoutOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { logout } from '../api/mutations.ts';
import { closeStream } from '../api/stream.ts';
import type { Me } from '../api/types.ts';
import { useTell } from '../shared/tell.tsx';
import { useWords } from '../words/context.tsx';

export function PersonMenu({ me }: { readonly me: Me }) {
  const { t, name } = useWords();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { tellFault } = useTell();
  const leaving = useMutation({
    mutationFn: logout,
    onSuccess: async () => {
      closeStream();
      client.clear(); // nothing of this person stays for the next one
      await navigate({ to: '/login' });
    },
    onError: (error) => tellFault(t('top.logoutFailed'), error),
  });
  return (
    <>
      <span className="person" title={name('role', me.role)}>
        <b>{me.name}</b>
        <span className="soft"> {name('role', me.role)}</span>
      </span>
      <button
        type="button"
        className="icon-button"
        aria-label={t('top.logout')}
        title={t('top.logout')}
        disabled={leaving.isPending}
        onClick={() => leaving.mutate()}
      >
        <LogoutOutlined />
      </button>
    </>
  );
}
