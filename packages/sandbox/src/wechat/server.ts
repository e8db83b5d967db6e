/** The simulated WeChat on a port of this machine: both APIs at one address, each with its own checks and its own words for a no. */
import type { PlatformOptions, SimulatedPlatform } from '../market/platform.ts';
import type { Params } from '../market/params.ts';
import { openServer, type WireAnswer, type WireCall } from '../market/server.ts';
import { setting } from './app.ts';
import { fieldsOfXml, isSignedByMerchant, payHeaders, signBeforeV3 } from './crypto.ts';
import { explain } from './explain.ts';
import { signerOf } from './messages.ts';
import { createPlatform, type Platform } from './platform.ts';
import { askPayment, askRefunds } from './queries.ts';
import { isRefusal, REFUSALS, type Refusal } from './refusals.ts';

const FRESH_SECONDS = 300;
const REFUND_LIST = '/pay/refundquery';

export async function createWechat(options: PlatformOptions): Promise<SimulatedPlatform> {
  const platform = createPlatform(options);
  const server = await openServer(platform, options, (call) => answerTo(platform, options, call));
  const { house: _, answer: __, ...people } = platform;
  return {
    ...people,
    ...server,
    channel: 'wechat',
    app: options.app,
    shop: options.shop,
    explain: (signed) => explain(options.app, signed),
  };
}

function answerTo(platform: Platform, options: PlatformOptions, call: WireCall): WireAnswer {
  const name = `${call.method} ${call.url.pathname}`;
  if (call.url.pathname.startsWith('/v3/')) return payAnswer(platform, name, workPay(platform, options, call));
  if (call.url.pathname === REFUND_LIST) return listRefunds(platform, options, name, call);
  const found = workOpen(platform, call);
  const refusal = isRefusal(found) ? found : null;
  const said =
    refusal === null
      ? { errcode: 0, errmsg: 'ok', ...found }
      : { errcode: Number(refusal.no), errmsg: `${refusal.words} rid: 650d8748-67e95e45-62971516` };
  return { name, refused: refusal?.no ?? null, status: 200, body: JSON.stringify(said) };
}
const isThrottled = (platform: Platform): boolean => platform.dice.chance(platform.rates().throttled);

function workOpen(platform: Platform, { method, url, body }: WireCall): object | Refusal {
  if (isThrottled(platform)) return REFUSALS.tooOften;
  const params = objectIn(body);
  if (method !== 'POST' || params === null) return REFUSALS.format;
  return platform.answer(url.pathname, params, url.searchParams.get('access_token'));
}

function objectIn(body: string): Params | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Params) : null;
  } catch {
    return null;
  }
}

function workPay(platform: Platform, { app, shop }: PlatformOptions, { method, url, headers, body }: WireCall): object | Refusal {
  if (isThrottled(platform)) return REFUSALS.payTooOften;
  const [schema, rest = ''] = (headers.authorization ?? '').split(/ (.*)/s);
  const words = new Map([...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
  const isKnown =
    schema === 'WECHATPAY2-SHA256-RSA2048' && words.get('mchid') === shop && words.get('serial_no') === setting(app, 'merchantSerial');
  const isFresh = Math.abs(Number(words.get('timestamp') ?? Number.NaN) - platform.now()) <= FRESH_SECONDS;
  const path = `${url.pathname}${url.search}`;
  if (!isKnown || !isFresh || !isSignedByMerchant(setting(app, 'merchantKey'), words, method, path, body)) return REFUSALS.sign;
  return method === 'GET' ? askPayment(platform.house, url) : REFUSALS.noResource;
}

/** What it says it signs, a no too. */
function payAnswer(platform: Platform, name: string, found: object | Refusal): WireAnswer {
  const refusal = isRefusal(found) ? found : null;
  const body = JSON.stringify(refusal === null ? found : { code: refusal.no, message: refusal.words });
  const headers = payHeaders(signerOf(platform.dice), String(platform.dice.between(1e11, 9e11)), platform.now(), body);
  return { name, refused: refusal?.no ?? null, status: refusal?.status ?? 200, headers: { ...headers, 'Request-ID': '08F9A2' }, body };
}

/** The API before v3: a no at the door is not signed. */
function listRefunds(platform: Platform, { app, shop }: PlatformOptions, name: string, { body }: WireCall): WireAnswer {
  const key = setting(app, 'apiV2Key');
  const fields = fieldsOfXml(body);
  const isTheirs = fields.get('mch_id') === shop && fields.get('appid') === app.key && fields.get('sign') === signBeforeV3(fields, key);
  const answer = (said: ReadonlyMap<string, string>, refused: string | null): WireAnswer => ({
    name,
    refused,
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<xml>${[...said].map(([each, value]) => `<${each}><![CDATA[${value}]]></${each}>`).join('')}</xml>`,
  });
  if (!isTheirs)
    return answer(
      new Map([
        ['return_code', 'FAIL'],
        ['return_msg', '签名错误'],
      ]),
      'FAIL',
    );
  const signed = (said: ReadonlyMap<string, string>, refused: string | null): WireAnswer => {
    const all = new Map([
      ['return_code', 'SUCCESS'],
      ['appid', app.key],
      ['mch_id', shop],
      ['nonce_str', fields.get('nonce_str') ?? ''],
      ...said,
    ]);
    return answer(new Map([...all, ['sign', signBeforeV3(all, key)]]), refused);
  };
  const no = (code: string): WireAnswer =>
    signed(
      new Map([
        ['result_code', 'FAIL'],
        ['err_code', code],
        ['err_code_des', code],
      ]),
      code,
    );
  if (isThrottled(platform)) return no('FREQUENCY_LIMITED');
  const found = askRefunds(platform.house, fields);
  return found === null ? no('REFUNDNOTEXIST') : signed(new Map([['result_code', 'SUCCESS'], ...found]), null);
}
