/** What people read of a world: one line when all is well; else what broke, where, the order's story, and how to see it again. */
import { PLATFORMS } from '@weir/sandbox/stand';
import type { Evidence } from './evidence.ts';
import type { Finding } from './judge.ts';
import { storyOf } from './journal.ts';
import type { Act, Script } from './script.ts';
import type { Stuck } from './world.ts';

export interface Told {
  readonly seed: number;
  readonly seconds: number;
  readonly findings: readonly Finding[];
  /** Absent when the world could not be played to its end. */
  readonly evidence?: Evidence;
  readonly stuck?: Stuck;
}
const SHOWN = 5;
const LOG_LINES = 8;

export function describeWorld(told: Told): string {
  const { seed, findings, stuck } = told;
  if (findings.length === 0) return `  ✓ ${countsOf(told)}`;
  const first = findings.find(({ order }) => order !== undefined);
  const story = first && told.evidence ? storyOf(told.evidence.script, told.evidence.journal, first.order as number) : [];
  return [
    `  ✗ ${findings.length} 处不符 broken promises, seed ${seed}, ${told.seconds.toFixed(1)} s${stuck ? `, moment ${stuck.moment + 1} of ${stuck.moments}` : ''}`,
    ...findings.slice(0, SHOWN).map(({ rule, what }) => `    ${rule}: ${what}`),
    ...(findings.length > SHOWN ? [`    … ${findings.length - SHOWN} more`] : []),
    ...story.map((line) => `    ${line}`),
    ...(stuck?.log.filter((line) => /"level":"(warn|error)"/.test(line)).slice(-LOG_LINES) ?? []).map((line) => `    ${line}`),
    `    重放 replay: npm run sim -- --seed ${seed} --verbose`,
  ].join('\n');
}

function countsOf({ evidence, seconds }: Told): string {
  const { script, journal, held, received, struck, refused: by, platform, pages, unshipped } = evidence as Evidence;
  const parcels = pages.reduce((sum, page) => sum + page.parcels.length, 0);
  const events = held.reduce((sum, { events: all }) => sum + all.length, 0);
  const arrivals = received.reduce((sum, each) => sum + each.arrivals.length, 0);
  const faults = script.moments.reduce((sum, moment) => sum + moment.faults.length, 0);
  const { lost, refused, later } = journal.counts;
  return `${held.length} orders (${platform.size} of platforms, ${parcels} parcels there, ${unshipped.size} refused), ${journal.said.length} answers, ${events} events, ${arrivals} deliveries in ${seconds.toFixed(1)} s
    ${faults} faults: ${struck.opened} houses, ${struck.killed} killed, ${struck.frozen} frozen, ${struck.cut} cut off, ${by.parked} subjects parked at once, ${by.breakers} breakers opened; asked again: ${lost} lost connections, ${refused} times 5xx; ${later} answered later`;
}

export const describeScript = ({ lives, tellings, moments }: Script): string =>
  [
    `  ${lives.length} orders, ${tellings.length} messages, ${moments.length} moments`,
    ...moments.map(({ passMs, faults, acts, platforms }, n) =>
      [
        `  moment ${n + 1}, ${passMs} ms later`,
        ...faults.map((fault) => `    ! ${JSON.stringify(fault)}`),
        ...acts.map((act) => `    ${describeAct(act, { lives, tellings })}`),
        ...platforms.map(
          ({ deeds, rates }, nth) =>
            `    ${PLATFORMS[nth]?.channel}: ${deeds.map(({ what, ...more }) => `${what} ${JSON.stringify(Object.values(more))}`).join(', ')}; ${JSON.stringify(rates)}`,
        ),
      ].join('\n'),
    ),
  ].join('\n');

function describeAct(act: Act, { lives, tellings }: Pick<Script, 'lives' | 'tellings'>): string {
  const telling = (index: number): string => {
    const { order, kind, at } = tellings[index] as Script['tellings'][number];
    return `${lives[order]?.shop}/${lives[order]?.id} ${kind} of ${new Date(at).toISOString()}`;
  };
  switch (act.do) {
    case 'tell':
      return `tell ${telling(act.telling)}${act.atOnce > 1 ? ', twice at once' : ''}${act.key ? `, key ${act.key}` : ''}`;
    case 'import':
      return `import ${act.tellings.map(telling).join('; ')}`;
    case 'step':
      return `:${act.verb} ${lives[act.order]?.shop}/${lives[act.order]?.id} ${JSON.stringify(act.body)}${act.isMatched ? ' if it is as shown' : ''}`;
    case 'review':
      return `judge ${lives[act.order]?.shop}/${lives[act.order]?.id}: ${act.how}`;
    case 'nonsense':
      return `nonsense ${act.body.slice(0, 40)}`;
  }
}
