export const HOW_TO_INSTALL: string;
export function hasPostgres15(): boolean;
export function ensurePostgres15(): void;
export function startPostgres15(): Promise<{ readonly adminUrl: string; stop(): Promise<void> }>;
