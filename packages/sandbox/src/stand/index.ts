/** The sandbox world on its own: `weir sandbox`, and the platforms of `npm start`. */
export { connectBooth } from './connect.ts';
export { compareDay, type Difference, heal, liveDay } from './day.ts';
export { type Life, startLife } from './life.ts';
export { type KnownPlatform, PLATFORMS } from './platforms.ts';
export { type Booth, openStand, type Stand, type StandOptions } from './stand.ts';
export { startWarehouse, type Warehouse } from './warehouse.ts';
