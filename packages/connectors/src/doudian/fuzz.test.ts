/** Whatever becomes of a real payload on its way: nothing throws, everything ends as one result with a reason, and no id is invented. */
import { expect, test } from 'vitest';
import { partsOf, route } from './route.ts';
import { parseBytes } from '../lossless-json.ts';
import { fixture, judge, normaliseAll } from './judge.test-support.ts';
import { mutate, randomFrom } from '../mutate.test-support.ts';
import { publishedPaths, samplePaths } from './published.test-support.ts';

const RUNS = Number(process.env['WEIR_FUZZ_RUNS'] ?? 5_000);
const SEED = Number(process.env['WEIR_FUZZ_SEED'] ?? 20_260_222);
/** 200,000 take about two minutes on a slow machine. */
const TIME_LIMIT_MS = 20_000 + RUNS * 5;

const PAYLOADS = [...publishedPaths().map((path) => `platform-docs/${path}`), ...samplePaths().map((path) => `samples/${path}`)].map(
  (path) => ({ path, bytes: fixture(path) }),
);
const OUTCOME = /^(accepted|hint|held|refused|probe)\b/;

test(
  `${RUNS} changed payloads, seed ${SEED}: none throws, each is accepted, a hint, held or refused with a reason`,
  () => {
    const random = randomFrom(SEED);
    const counts = new Map<string, number>();
    for (let run = 0; run < RUNS; run++) {
      const { path, bytes } = PAYLOADS[random.below(PAYLOADS.length)] ?? { path: '', bytes: Buffer.alloc(0) };
      const changed = mutate(bytes, random);
      const found = outcomesOf(changed, `${path}, run ${run}, seed ${SEED}`);
      for (const outcome of found) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
    for (const kind of ['accepted', 'hint', 'held', 'refused', 'probe']) expect(counts.get(kind), kind).toBeGreaterThan(0);
  },
  TIME_LIMIT_MS,
);

/** As it stands there, or as it is written in JSON text, or in such a text inside another. */
function tells(text: string, value: string): boolean {
  const once = JSON.stringify(value).slice(1, -1);
  return [value, once, JSON.stringify(once).slice(1, -1)].some((each) => text.includes(each));
}

function outcomesOf(bytes: Buffer, where: string): string[] {
  try {
    const outcomes = judge(bytes);
    if (outcomes.length !== route(bytes).length) throw new Error('route and reading disagree about how many there are');
    const text = bytes.toString();
    for (const message of normaliseAll(bytes))
      if (!tells(text, message.channelOrderId) || !tells(text, message.shop))
        throw new Error(`${message.channelOrderId} of ${message.shop} is invented`);
    return outcomes.map((outcome) => {
      const kind = OUTCOME.exec(outcome)?.[0];
      if (kind === undefined || ((kind === 'held' || kind === 'refused') && !outcome.includes(': ')))
        throw new Error(`no reason: ${outcome}`);
      return kind;
    });
  } catch (error) {
    throw new Error(`${where}: ${bytes.toString().slice(0, 2_000)}`, { cause: error });
  }
}

test('an answer that is no push keeps one result per row', () => {
  const list = fixture('samples/order_searchList.response.json');
  expect(route(list)).toHaveLength(partsOf(parseBytes(list))?.length ?? -1);
  expect(judge(list)).toHaveLength(8);
});
