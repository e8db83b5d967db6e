/** What the hub said: one answer per key, a result that fits the message, and every refusal explained in both languages. */
import type { Evidence } from './evidence.ts';
import type { Finding } from './judge.ts';
import type { Said } from './journal.ts';

interface Body {
  readonly result?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly detailZh?: string;
  readonly problems?: readonly { readonly zh?: string; readonly en?: string; readonly severity?: string }[];
}
const NOT_SINGLE = new Set(['application/x-ndjson']);

export function answersAreRight({ script, journal }: Evidence): Finding[] {
  const single = journal.said.filter(({ asked }) => !NOT_SINGLE.has(asked.headers?.['content-type'] ?? ''));
  const bodies = journal.said.flatMap((said) => bodiesOf(said, single.includes(said)));
  return [
    ...single.flatMap(({ asked, answer, telling, key }) => fits(script, asked.path, answer.status, answer.text, telling, key)),
    ...bodies.flatMap(isExplained),
    ...oneAnswerPerKey(single),
  ];
}

const bodiesOf = ({ answer }: Said, isSingle: boolean): Body[] =>
  answer.text === ''
    ? []
    : isSingle
      ? [JSON.parse(answer.text) as Body]
      : answer.text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Body);

/** What each telling and each misuse must be answered with. */
function fits(
  { tellings }: Evidence['script'],
  path: string,
  status: number,
  text: string,
  telling: number | undefined,
  key: string | undefined,
): Finding[] {
  const say = (rule: Finding['rule'], what: string): Finding[] => [
    { rule, what: `${what}: ${status} ${text}`, ...(telling === undefined ? {} : { order: tellings[telling]?.order as number }) },
  ];
  const { result, code } = JSON.parse(text) as Body;
  if (key?.endsWith('with another body'))
    return code === 'request.key_reused' ? [] : say('one effect, one answer', 'a used key was taken with another body');
  if (telling === undefined) return path === '/v1/orders' && status < 400 ? say('every refusal is explained', 'nonsense was taken') : [];
  const isRight = tellings[telling]?.kind === 'right';
  const allowed = isRight ? ['created', 'changed', 'unchanged'] : ['needs_review', 'unchanged'];
  return allowed.includes(result ?? '') ? [] : say('the right state', `a ${tellings[telling]?.kind} message was answered`);
}

const isText = (value: string | undefined): boolean => value !== undefined && value.trim() !== '';
function isExplained(body: Body): Finding[] {
  const { result, code, detail, detailZh, problems = [] } = body;
  const say = (what: string): Finding[] => [{ rule: 'every refusal is explained', what: `${what}: ${JSON.stringify(body)}` }];
  if (problems.some(({ zh, en }) => !isText(zh) || !isText(en))) return say('a problem lacks a language');
  if (result === 'needs_review' && !problems.some(({ severity }) => severity === 'blocking')) return say('held without a reason');
  return code !== undefined && result === undefined && !(isText(detail) && isText(detailZh)) ? say('a refusal lacks a language') : [];
}

/** Whoever asks again under the same key is told what the first one was told. */
function oneAnswerPerKey(single: readonly Said[]): Finding[] {
  const keyed = Map.groupBy(
    single.filter(({ key }) => key !== undefined),
    ({ key }) => key as string,
  );
  return [...keyed].flatMap(([key, said]): Finding[] => {
    const texts = new Set(said.map(({ answer }) => answer.text));
    return texts.size > 1 ? [{ rule: 'one effect, one answer', what: `${key}: ${[...texts].join(' | ')}` }] : [];
  });
}
