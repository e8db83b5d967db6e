import { expect, test } from 'vitest';
import { TOKENS } from './tokens.ts';

const READABLE = 4.5;
const channel = (value: number): number => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => channel(Number.parseInt(hex.slice(at, at + 2), 16) / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};

test.each(['light', 'dark'] as const)('every text of the %s theme is readable on every ground it stands on', (theme) => {
  const tokens = TOKENS[theme];
  const pairs = [
    ...(['ink', 'soft', 'accent'] as const).flatMap((text) =>
      (['ground', 'surface', 'raised', 'hover', 'chosen'] as const).map((ground) => [text, ground] as const),
    ),
    ...(['moving', 'waiting', 'bad', 'right', 'calm'] as const).flatMap((tone) => [
      [tone, `${tone}-ground`] as const,
      [tone, 'surface'] as const,
    ]),
    ['on-accent', 'accent'] as const,
  ];
  const poor = pairs.filter(([text, ground]) => contrast(tokens[text], tokens[ground]) < READABLE);
  expect(poor).toEqual([]);
});
