/** Which apps and shops there are, kept in memory for a moment: each push asks, and apps change once a month. */
import type { Clock, Db } from '#platform';
import { type AppRow, listApps, listShops, type ShopRow } from './store.ts';

const KEPT_MS = 2_000;

export interface Directory {
  readonly apps: ReadonlyMap<string, AppRow>;
  /** By `channel/shop`. */
  readonly shops: ReadonlyMap<string, ShopRow>;
}
export interface DirectoryKeeper {
  read(): Promise<Directory>;
  /** Somebody changed an app or a shop in this process. */
  forget(): void;
}
export const shopName = (channel: string, shop: string): string => `${channel}/${shop}`;

export function createDirectory(db: Db, steady: Clock): DirectoryKeeper {
  let known: { readonly until: number; readonly found: Promise<Directory> } | undefined;
  const load = async (): Promise<Directory> => {
    const [apps, shops] = [await listApps(db), await listShops(db)];
    return {
      apps: new Map(apps.map((app) => [app.id, app])),
      shops: new Map(shops.map((row) => [shopName(row.channel, row.shop), row])),
    };
  };
  return {
    read() {
      if (known !== undefined && known.until > steady.now()) return known.found;
      const found = load();
      const mine = { until: steady.now() + KEPT_MS, found };
      known = mine;
      found.catch(() => {
        if (known === mine) known = undefined;
      });
      return found;
    },
    forget() {
      known = undefined;
    },
  };
}
