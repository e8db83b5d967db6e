/** Sales channels: apps, connected shops, what they push, and what is fetched from them. */
export { createAskedKeeper, createChannels, type Channels } from './channels.ts';
export type { Line } from './lines.ts';
export { readAway } from './away.ts';
export { hurryFetches, wakeFetch } from './fetch-store.ts';
export { readLinks, readLinksDown } from './links-down.ts';
export { pullRoutes, readPullAlarms } from './pull-routes.ts';
export { pushRoutes } from './push-routes.ts';
export { allSettings } from './app-settings.ts';
export { channelRoutes } from './routes.ts';
