import { GLOSSARY, type GlossaryGroupId } from '@weir/contract';
import { describe, expect, test } from 'vitest';
import { enNames } from '../../apps/console/src/words/en-names.ts';
import { zhNames } from '../../apps/console/src/words/zh-names.ts';

/** Names of the console → group of the glossary. */
const SHOWN = [
  ['status', 'status'],
  ['payment', 'payment'],
  ['refund', 'refund'],
  ['refundStatus', 'refundStatus'],
  ['hold', 'hold'],
  ['role', 'role'],
  ['event', 'event'],
  ['reviewState', 'case'],
] as const satisfies readonly (readonly [prefix: string, group: GlossaryGroupId])[];

const shown = (names: Readonly<Record<string, string>>, prefix: string) =>
  Object.fromEntries(
    Object.entries(names)
      .filter(([name]) => name.startsWith(`${prefix}.`))
      .map(([name, text]) => [name.slice(prefix.length + 1), text.toLowerCase()]),
  );

/** `weir.order.snapshot` is never stored, so no screen shows it. */
const told = (group: GlossaryGroupId, language: 'zh' | 'en') =>
  Object.fromEntries(
    GLOSSARY[group].entries.filter(({ id }) => id !== 'order.snapshot').map((entry) => [entry.id, entry[language].toLowerCase()]),
  );

describe('one word per idea: the console calls things what the glossary calls them', () => {
  test.each(SHOWN)('%s', (prefix, group) => {
    expect(shown(zhNames, prefix)).toEqual(told(group, 'zh'));
    expect(shown(enNames, prefix)).toEqual(told(group, 'en'));
  });
});
