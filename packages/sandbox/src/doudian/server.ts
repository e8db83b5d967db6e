/** The simulated Douyin on a port of this machine: calls are checked by the platform's rules and answered in its shape. */
import type { PlatformOptions, SandboxApp, SimulatedPlatform } from '../market/platform.ts';
import { openServer, type WireAnswer, type WireCall } from '../market/server.ts';
import { checkCall } from './check-call.ts';
import { explain } from './explain.ts';
import { createPlatform, type Platform } from './platform.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

export type Douyin = SimulatedPlatform;

export async function createDouyin(options: PlatformOptions): Promise<Douyin> {
  const { app, shop } = options;
  const platform = createPlatform(options);
  let count = 0;
  const server = await openServer(platform, options, (call) => answerTo(platform, app, call, `sandbox${++count}`));
  return { ...platform, ...server, channel: 'douyin', app, shop, explain: (signed) => explain(app, signed) };
}

function answerTo(platform: Platform, app: SandboxApp, call: WireCall, log_id: string): WireAnswer {
  const found = call.method === 'POST' ? work(platform, app, call) : REFUSALS.noSuchMethod;
  const refusal = isRefusal(found) ? found : null;
  const said =
    refusal === null
      ? { log_id, code: 10_000, msg: 'success', sub_code: '', sub_msg: '', data: found }
      : { log_id, msg: '请求失败', ...refusal, data: null };
  return {
    name: call.url.searchParams.get('method') ?? '',
    refused: refusal && `${refusal.code} ${refusal.sub_code}`,
    status: 200,
    body: JSON.stringify(said),
  };
}
const isRefusal = (found: object): found is Refusal => 'sub_code' in found;

/** Throttling comes first, as at any gate; then who calls, then what for. */
function work(platform: Platform, app: SandboxApp, { url, body }: WireCall): object | Refusal {
  if (platform.dice.chance(platform.rates().throttled)) return REFUSALS.throttled;
  const call = checkCall(app, url, body, platform.now());
  return 'sub_code' in call ? call : platform.answer(call);
}
