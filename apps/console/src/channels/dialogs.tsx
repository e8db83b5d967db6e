/** The one dialog that is open on the page. */
import { AppDialog } from './app-dialog.tsx';
import { BackfillDialog } from './backfill-dialog.tsx';
import { ConnectDialog } from './connect-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { RenewDialog } from './renew-dialog.tsx';
import type { Shops } from './use-shops.ts';

/** `key`: of the shop that it is about. */
export type Asked = { readonly what: 'connect' } | { readonly what: 'renew' | 'rename' | 'app' | 'backfill'; readonly key: string };

export interface DialogsProps {
  readonly asked: Asked;
  readonly shops: Shops;
  readonly close: () => void;
  readonly openShop: (key: string) => void;
}

export function Dialogs({ asked, shops: { rows = [], apps, offered }, close, openShop }: DialogsProps) {
  if (asked.what === 'connect') return <ConnectDialog offered={offered} apps={apps ?? []} close={close} openShop={openShop} />;
  const row = rows.find(({ key }) => key === asked.key);
  if (row !== undefined && asked.what === 'rename') return <RenameDialog shop={row.shop} close={close} />;
  const channel = offered.find((each) => each.channel === row?.shop.channel);
  if (row === undefined || channel === undefined) return null;
  if (asked.what === 'backfill') return <BackfillDialog shop={row.shop} days={channel.backfillDays} close={close} />;
  if (asked.what === 'renew') return <RenewDialog shop={row.shop} consentCode={channel.consentCode} close={close} />;
  return row.app && <AppDialog app={row.app} channel={channel} close={close} />;
}
