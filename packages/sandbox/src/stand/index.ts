/** The sandbox on its own: `weir sandbox`, and the Douyin shop of `npm start`. */
export { type Life, startLife } from './life.ts';
export { openStand, type Stand, type StandOptions } from './stand.ts';
export { startWarehouse, type Warehouse } from './warehouse.ts';
