/**
 * What can be wrong with an order that we understood well enough to name. Which problem holds the order and which is only written
 * down is this table and nothing else. `{…}` are parameters; `reading` is masked before it is stored where the field is personal.
 */
export interface ProblemEntry {
  /** A blocking problem holds the order (待人工复核); a warning is recorded on the order and stops nothing. */
  readonly severity: 'blocking' | 'warning';
  /** Whether a person may release the message as it is. Never for values that cannot be read. */
  readonly acceptable: boolean;
  readonly zh: string;
  readonly en: string;
}

export const PROBLEMS = {
  'field.missing': {
    severity: 'blocking',
    acceptable: false,
    zh: '缺少字段；应为{expected}',
    en: 'The field is missing; expected {expected}',
  },
  'field.unknown': {
    severity: 'blocking',
    acceptable: false,
    zh: '不认识的字段 {reading}；应为{expected}，请删除它，或检查拼写',
    en: 'Unknown field {reading}; expected {expected}: remove it or check its spelling',
  },
  'field.wrong_type': {
    severity: 'blocking',
    acceptable: false,
    zh: '类型不对：读到 {reading}，应为{expected}',
    en: 'Wrong type: read {reading}, expected {expected}',
  },
  'field.not_allowed': {
    severity: 'blocking',
    acceptable: false,
    zh: '值不在允许的范围内：读到 {reading}，应为{expected}',
    en: 'Value not allowed: read {reading}, expected {expected}',
  },
  'field.too_short': {
    severity: 'blocking',
    acceptable: false,
    zh: '太短：读到长度 {reading}，应为{expected}',
    en: 'Too short: read a length of {reading}, expected {expected}',
  },
  'field.too_long': {
    severity: 'blocking',
    acceptable: false,
    zh: '太长：读到长度 {reading}，应为{expected}',
    en: 'Too long: read a length of {reading}, expected {expected}',
  },
  'field.too_many': {
    severity: 'blocking',
    acceptable: false,
    zh: '数量超限：读到 {reading} 项，应为{expected}',
    en: 'Too many items: read {reading}, expected {expected}',
  },
  'text.not_unicode': {
    severity: 'blocking',
    acceptable: false,
    zh: '文本含有残缺的 Unicode 字符：读到 {reading}，应为{expected}；请按 UTF-8 重新编码',
    en: 'The text holds half of a Unicode character: read {reading}, expected {expected}; encode it as UTF-8 again',
  },
  'amount.not_decimal': {
    severity: 'blocking',
    acceptable: false,
    zh: '金额读不懂：读到 {reading}，应为{expected}',
    en: 'Not an amount: read {reading}, expected {expected}',
  },
  'amount.too_large': {
    severity: 'blocking',
    acceptable: false,
    zh: '金额超出可表示的范围：读到 {reading}，各行合计应为{expected}',
    en: 'Amounts beyond what can be represented: read {reading}, expected all lines together {expected}',
  },
  'time.not_zoned': {
    severity: 'blocking',
    acceptable: false,
    zh: '时间读不懂：读到 {reading}，应为{expected}',
    en: 'Not an instant: read {reading}, expected {expected}',
  },
  'time.in_future': {
    severity: 'blocking',
    acceptable: true,
    zh: '时间在未来：读到 {reading}，而我们收到它的时间是 {expected}；两边的时钟至少有一边不准',
    en: 'The time lies in the future: read {reading}, but we received it at {expected}; one of the two clocks is wrong',
  },
  'time.out_of_order': {
    severity: 'warning',
    acceptable: true,
    zh: '时间顺序不合理：{reading} 早于 {expected}',
    en: 'The times are out of order: {reading} is before {expected}',
  },
  'time.no_modified_at': {
    severity: 'warning',
    acceptable: true,
    zh: '没有 modifiedAt；以消息中最新的时间代替',
    en: 'No modifiedAt; the newest time of the message is used instead',
  },
  'line.duplicate': {
    severity: 'blocking',
    acceptable: false,
    zh: '行号重复：读到 {reading}，应为{expected}',
    en: 'The line id appears twice: read {reading}, expected {expected}',
  },
  'id.duplicate': {
    severity: 'blocking',
    acceptable: false,
    zh: '编号重复：读到 {reading}，应为{expected}',
    en: 'The id appears twice: read {reading}, expected {expected}',
  },
  'line.not_found': {
    severity: 'blocking',
    acceptable: false,
    zh: '指向了不存在的订单行：读到 {reading}，应为{expected}',
    en: 'Refers to a line that the order does not have: read {reading}, expected {expected}',
  },
  'sum.payable': {
    severity: 'blocking',
    acceptable: true,
    zh: '应付金额对不上：各行与优惠、运费合计 {expected}，读到 {reading}',
    en: 'payable does not add up: lines, discounts and shipping make {expected}, read {reading}',
  },
  'sum.paid': {
    severity: 'blocking',
    acceptable: true,
    zh: '已付款的订单，实付应等于应付 {expected}，读到 {reading}',
    en: 'A paid order must have paid equal to payable {expected}, read {reading}',
  },
  'sum.payments': {
    severity: 'blocking',
    acceptable: true,
    zh: '各笔付款合计 {expected}，与实付 {reading} 不符',
    en: 'The payments add up to {expected} but paid reads {reading}',
  },
  'sum.refunds': {
    severity: 'blocking',
    acceptable: true,
    zh: '已完成的退款合计 {expected}，与已退 {reading} 不符',
    en: 'The done refunds add up to {expected} but refunded reads {reading}',
  },
  'sum.refunded': {
    severity: 'blocking',
    acceptable: true,
    zh: '已退金额 {reading} 超过实付 {expected}',
    en: 'refunded {reading} exceeds paid {expected}',
  },
  'sum.after_merge': {
    severity: 'blocking',
    acceptable: true,
    zh: '多条消息合并后金额对不上：应付 {reading}，合计 {expected}',
    en: 'After merging several messages the amounts do not add up: payable {reading}, sum {expected}',
  },
  'discount.no_payer': {
    severity: 'warning',
    acceptable: true,
    zh: '优惠没有说明由谁承担：读到 {reading}，应为{expected}',
    en: 'The discount does not say who pays for it: read {reading}, expected {expected}',
  },
  'register.conflict': {
    severity: 'blocking',
    acceptable: true,
    zh: '同一时刻来了不同的值：读到 {reading}，应为{expected}；无法判断哪个更新',
    en: 'Different values carry the same time: read {reading}, expected {expected}; which one is newer cannot be told',
  },
  'person.erased': {
    severity: 'warning',
    acceptable: true,
    zh: '该订单的个人信息已删除；这条消息里的个人信息没有收下，其余照常',
    en: 'The personal data of this order was erased; what this message holds of it was not taken in, everything else was',
  },
  'channel.unmapped_code': {
    severity: 'blocking',
    acceptable: false,
    zh: '渠道代码 {reading} 不在我们的对照表里（已知：{expected}）；请核对渠道文档并补充对照表',
    en: 'The channel sent the code {reading}, which our table does not hold (known: {expected}); look it up and add it to the table',
  },
  'shop.not_connected': {
    severity: 'blocking',
    acceptable: false,
    zh: '店铺 {reading} 还没有接入；接入后可以重试这条消息',
    en: 'Shop {reading} is not connected; connect it and try this message again',
  },
  'message.failed': {
    severity: 'blocking',
    acceptable: false,
    zh: '这条消息无法处理，已进入死信；订单先挂起',
    en: 'The message could not be worked on and is a dead letter; the order is held meanwhile',
  },
} as const satisfies Record<string, ProblemEntry>;
export type ProblemCode = keyof typeof PROBLEMS;

/** One problem as it travels: where (JSON pointer), what was read, what was expected, in both languages. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: 'blocking' | 'warning';
  readonly pointer: string;
  readonly reading?: string;
  readonly expected?: string;
  readonly zh: string;
  readonly en: string;
}

interface Told {
  readonly reading?: string;
  readonly expected?: string;
  /** Where the English words will not do. */
  readonly expectedZh?: string;
}
type Hole = 'reading' | 'expected';
type Needs<C extends ProblemCode> = {
  [H in Hole]: Extract<(typeof PROBLEMS)[C]['zh'], `${string}{${H}}${string}`> extends never ? never : H;
}[Hole];
/** What the sentences of `C` name must be told; when the code is one of several, what any of them names. */
type ToldOf<C extends ProblemCode> = Told & { readonly [H in Needs<C>]: string };

/** One pass, so that a sender's own text is never read as a template. A hole that nobody filled stays to be seen. */
const fill = (template: string, values: Told): string =>
  template.replace(/\{(reading|expected)\}/g, (hole, name: Hole) => values[name] ?? hole);

export function problem<C extends ProblemCode>(
  code: C,
  pointer: string,
  ...[values = {}]: [Needs<C>] extends [never] ? [Told?] : [ToldOf<C>]
): Problem {
  const entry: ProblemEntry = PROBLEMS[code];
  const { expectedZh, ...shown }: Told = values;
  return {
    code,
    severity: entry.severity,
    pointer,
    ...shown,
    zh: fill(entry.zh, expectedZh === undefined ? shown : { ...shown, expected: expectedZh }),
    en: fill(entry.en, shown),
  };
}

/** As long as a filter may be. */
const REASON_LENGTH = 200;
/** What a case has in common with others of its kind: the codes and places that block, without the numbers of rows, e.g. "sum.payable /payable". */
export function reasonOf(problems: readonly Pick<Problem, 'code' | 'pointer' | 'severity'>[]): string {
  const places = problems
    .filter(({ severity }) => severity === 'blocking')
    .map(({ code, pointer }) => `${code} ${pointer.replaceAll(/\/\d+(?=\/|$)/g, '/*')}`.trimEnd());
  return [...new Set(places)].sort().join(', ').slice(0, REASON_LENGTH);
}
