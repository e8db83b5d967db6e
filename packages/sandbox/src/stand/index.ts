/** The sandbox on its own: `weir sandbox`, and the Douyin shop of `npm start`. */
export { openStand, type Stand, type StandOptions } from './stand.ts';
