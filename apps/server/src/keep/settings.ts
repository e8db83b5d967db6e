/** For how long what is kept, in days. */
import { type Config, PLATFORM_SETTINGS } from '#platform';

export type KeepDays = Pick<Config, 'keepFactsDays' | 'keepPersonalDays' | 'keepRawDays' | 'keepWorkDays'>;
export const KEEP_DEFAULTS: KeepDays = {
  keepFactsDays: PLATFORM_SETTINGS.keepFactsDays.default,
  keepPersonalDays: PLATFORM_SETTINGS.keepPersonalDays.default,
  keepRawDays: PLATFORM_SETTINGS.keepRawDays.default,
  keepWorkDays: PLATFORM_SETTINGS.keepWorkDays.default,
};
