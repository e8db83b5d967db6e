/** Why a delivery failed, in words; the codes are those of `attempt.ts` and of the network. Pure. */
interface Words {
  readonly zh: string;
  readonly en: string;
}
const SLOW: Words = { zh: '在时限内没有回答', en: 'it did not answer in time' };
const CUT: Words = { zh: '连接中途断开', en: 'the connection was cut' };
const NO_NAME: Words = { zh: '查不到这个域名', en: 'its name cannot be looked up' };
const WORDS: ReadonlyMap<string, Words> = new Map([
  ['address_refused', { zh: '不允许投递到这个地址', en: 'webhooks may not go to this address' }],
  ['not_rendered', { zh: '我们没能写出这次投递，日志里有原因', en: 'we could not render this delivery, our log says why' }],
  ['no_answer', SLOW],
  ['UND_ERR_HEADERS_TIMEOUT', SLOW],
  ['UND_ERR_BODY_TIMEOUT', SLOW],
  ['UND_ERR_CONNECT_TIMEOUT', { zh: '连接不上：对方没有反应', en: 'no connection: nobody reacted' }],
  ['ETIMEDOUT', { zh: '连接不上：对方没有反应', en: 'no connection: nobody reacted' }],
  ['ECONNREFUSED', { zh: '连接被拒绝：那里没有程序在听', en: 'no connection: nothing listens there' }],
  ['ECONNRESET', CUT],
  ['UND_ERR_SOCKET', CUT],
  ['ENOTFOUND', NO_NAME],
  ['EAI_AGAIN', NO_NAME],
  ['released', { zh: '刚刚放行，正在按序补发', en: 'it was just released and is being caught up' }],
  ['caught_up_in_part', { zh: '补发了一部分，其余等端点恢复', en: 'caught up in part, the rest waits until the endpoint is back' }],
]);
const STATUS = /^http_(\d{3})$/;

export function failureWords(error: string): Words {
  const status = STATUS.exec(error)?.[1];
  if (status !== undefined) return { zh: `对方回答 ${status}`, en: `it answered ${status}` };
  return WORDS.get(error) ?? { zh: `连接失败（${error}）`, en: `the connection failed (${error})` };
}
