/** The door for tests that need a database. */
export { testDatabase, type TestDatabase } from './test-database.ts';
export { takeOverMs, watchLease } from './take-over.ts';
export { waitUntil } from './wait-until.ts';
export { ADMIN, type Answer, testHouse, type TestHouse } from './house.ts';
export { neutralOrder } from './neutral-order.ts';
