/**
 * The colours of both themes, once: style sheets read them as `--name`, Ant Design gets the same values. Grey = normal, blue = moving,
 * amber = waits for a person, red = late, lost or refused, green = just became right. Each text colour has ≥ 4.5:1 on its ground.
 */
export type ThemeName = 'light' | 'dark';

const light = {
  ground: '#f3f5f7',
  surface: '#ffffff',
  raised: '#f8f9fb',
  hover: '#eef3fa',
  chosen: '#e3edfb',
  rule: '#e1e5ea',
  edge: '#8b94a1',
  ink: '#16202c',
  soft: '#55606e',
  accent: '#1557b0',
  'on-accent': '#ffffff',
  moving: '#14509f',
  'moving-ground': '#e4eefb',
  waiting: '#7d4a00',
  'waiting-ground': '#fdf1d8',
  bad: '#a8201a',
  'bad-ground': '#fdeaea',
  right: '#176239',
  'right-ground': '#e3f4e9',
  calm: '#48525f',
  'calm-ground': '#edf0f3',
} as const;

const dark: Readonly<Record<keyof typeof light, string>> = {
  ground: '#10151b',
  surface: '#171d25',
  raised: '#1d242d',
  hover: '#202a36',
  chosen: '#1d3250',
  rule: '#2b343f',
  edge: '#76828f',
  ink: '#e7ecf2',
  soft: '#a3afbc',
  accent: '#78aef5',
  'on-accent': '#0c1a2c',
  moving: '#93bff8',
  'moving-ground': '#1a2d47',
  waiting: '#f0bf67',
  'waiting-ground': '#3a2c12',
  bad: '#f69a93',
  'bad-ground': '#452020',
  right: '#7ed3a1',
  'right-ground': '#16351f',
  calm: '#b7c1cc',
  'calm-ground': '#262e38',
};

export const TOKENS: Readonly<Record<ThemeName, Readonly<Record<keyof typeof light, string>>>> = { light, dark };

export function paint(theme: ThemeName, root: HTMLElement): void {
  root.dataset.theme = theme;
  root.style.colorScheme = theme;
  for (const [name, value] of Object.entries(TOKENS[theme])) root.style.setProperty(`--${name}`, value);
}
