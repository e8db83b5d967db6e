/** What is kept, for how long, and how it comes back. */
export { type BackupState, type Daily, startDaily } from './daily.ts';
export { ERASURES_FILE, listErasures } from './erasure-list.ts';
export { exportHouse, loadExport, refuseHalfLoaded } from './export.ts';
export { backupHome, backupRunning } from './home-backup.ts';
export { provenTime } from './proven-time.ts';
export { proveTime, readProvenTime } from './time-store.ts';
export { keepRetention } from './retention.ts';
export { retentionRoutes } from './retention-routes.ts';
export { KEEP_DEFAULTS, type KeepDays } from './settings.ts';
export { refuseHalfRestored, restore } from './restore.ts';
export { beginTimeline } from './timeline-store.ts';
export { listBackups, pruneBackups } from './shelf.ts';
export { readBackup } from './verify.ts';
