/** The door of the platform room: what every other room stands on. It knows no business word. */
export { createBell, type Bell } from './bell.ts';
export { checkDatabase, type DatabaseFacts } from './check-database.ts';
export { createLeapWatch, manualClock, steadyClock, systemClock, type Clock, type ManualClock } from './clock.ts';
export { PLATFORM_SETTINGS, readConfig, type Config } from './config.ts';
export type { Step } from './db-at-once.ts';
export { arrayOf, copyRows } from './db-bytes.ts';
export { constraintOf, isConnectionFault, isDiskFull, isPartMissing, sqlstateOf, toFault } from './db-faults.ts';
export type { TransactionOptions } from './db-transaction.ts';
export { openDb, type Db, type DbOptions } from './db.ts';
export { adminUrlOf, placeCluster } from './embedded-place.ts';
export { startEmbedded, type Embedded, type EmbeddedOptions } from './embedded.ts';
export { embeddedUrl } from './embedded-cluster.ts';
export { assert, CommitUnknown, Fault, StartProblem, type FaultOptions } from './faults.ts';
export { guard, lockHome, type HomeLock } from './home.ts';
export { startProblem } from './start-problem.ts';
export { newId } from './ids.ts';
export { createLadder } from './ladder.ts';
export { takeLockFile } from './lock-file.ts';
export { createLog, LOG_LEVELS, silentLog, type Fields, type Log, type LogLevel, type LogOptions } from './log.ts';
export { type Counter, createMetrics, type Histogram, type Metrics, type Reading } from './metrics.ts';
export { migrate, readMigrations } from './migrate.ts';
export {
  describeSettings,
  readSettings,
  unknownVariables,
  type Setting,
  type SettingRow,
  type Settings,
  type SettingsOf,
} from './settings.ts';
export type { Rows, Sql } from './sql.ts';
export { freeBytesOf } from './disk.ts';
