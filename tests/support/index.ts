/** The door for tests that need a database. */
export { testDatabase, type TestDatabase } from './test-database.ts';
export { waitUntil } from './wait-until.ts';
