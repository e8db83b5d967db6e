/** What the server answers about channels, their apps and the connected shops. */

export interface Setting {
  readonly name: string;
  readonly isRequired: boolean;
  readonly form: 'secret' | 'line' | 'lines';
  readonly zh: string;
  readonly en: string;
}
/** What a channel asks for, so that a form can be drawn without knowing it. */
export interface Channel {
  readonly channel: string;
  readonly settings: readonly Setting[];
  readonly consentCode: 'needed' | 'optional' | 'none';
  /** Null where the platform calls nobody. */
  readonly pushPath: string | null;
  readonly links: readonly LinkKind[];
  readonly feeds: readonly string[];
  readonly backfillDays: number;
  /** The platform's lists lag this far behind. */
  readonly settleSeconds: number;
  readonly canNoteOrderKey: boolean;
}
export type LinkKind = 'queue' | 'socket';
export interface AppLink {
  readonly kind: LinkKind;
  readonly upSince: string | null;
  readonly downSince: string | null;
  readonly lastMessageAt: string | null;
  readonly lastError: string | null;
}
export interface App {
  readonly id: string;
  readonly channel: string;
  readonly key: string;
  readonly name: string;
  readonly baseUrl: string | null;
  /** Names of what is set; the values never leave the server. */
  readonly settings: readonly string[];
  readonly pushPath: string;
  /** Null when nobody told the server where others reach it. */
  readonly pushUrl: string | null;
  readonly links: readonly AppLink[];
  /** Receivers opened at the channel today, by its day; null where it opens none. */
  readonly openings: { readonly today: number; readonly perDay: number | null } | null;
  readonly wrongSignatures: { readonly total: number; readonly lastAt: string | null; readonly alarmAt: string | null };
  readonly createdAt: string;
}
export interface Shop {
  readonly channel: string;
  readonly shop: string;
  readonly name: string;
  /** Absent for a shop of which programs tell us. */
  readonly app?: string;
  readonly orderKeyInNote?: boolean;
  readonly tokenError?: string;
  readonly permitError?: string;
}
export interface Pull {
  readonly channel: string;
  readonly shop: string;
  readonly feed: string;
  readonly cursor: string;
  readonly lagMs: number;
  readonly ranAt: string | null;
  readonly lastRows: number | null;
  readonly lastError: string | null;
  readonly sweptAt: string | null;
  readonly alarm: {
    readonly since: string;
    readonly from: string;
    readonly to: string;
    readonly rows: number;
    readonly expected: number;
  } | null;
  /** Of the whole shop, the same in each of its feeds. */
  readonly fetches: { readonly waiting: number; readonly dead: number; readonly lastError: string | null };
}
export interface Backfill {
  readonly id: string;
  readonly channel: string;
  readonly shop: string;
  readonly from: string;
  readonly to: string;
  readonly reached: string;
  readonly progress: number;
  readonly orders: number;
  readonly lastError: string | null;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly finishedAt: string | null;
}
export interface AppWish {
  readonly channel: string;
  readonly key: string;
  readonly secret: string;
  readonly name: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly baseUrl?: string;
}
export interface ShopWish {
  readonly channel: string;
  readonly shop: string;
  readonly name: string;
  readonly app?: string;
  readonly credentials?: { readonly code?: string };
  readonly orderKeyInNote?: boolean;
}
