/** What a look at one thing found. */
export interface Check {
  readonly id: string;
  /** `bad`: orders are in danger or nothing works; `warning`: it will be, or somebody should look; `skipped`: could not be looked at, and why. */
  readonly state: 'fine' | 'warning' | 'bad' | 'skipped';
  readonly zh: string;
  readonly en: string;
  /** What to do; absent where nothing is to be done. */
  readonly doZh?: string;
  readonly doEn?: string;
}
export interface Words {
  readonly zh: string;
  readonly en: string;
}

export const fine = (id: string, { zh, en }: Words): Check => ({ id, state: 'fine', zh, en });
export const skipped = (id: string, { zh, en }: Words): Check => ({ id, state: 'skipped', zh, en });
const found =
  (state: 'warning' | 'bad') =>
  (id: string, { zh, en }: Words, advice: Words): Check => ({ id, state, zh, en, doZh: advice.zh, doEn: advice.en });
export const warning = found('warning');
export const bad = found('bad');
