/** The simulated Taobao on a port of this machine: calls are checked by the gateway's rules and answered in its shape, messages wait in a queue or come over a socket. */
import type { PlatformOptions, SandboxApp, SimulatedPlatform } from '../market/platform.ts';
import { openServer, type WireAnswer, type WireCall } from '../market/server.ts';
import { checkCall, paramsOf } from './check-call.ts';
import { explain } from './explain.ts';
import { createPlatform, NICK, type Platform } from './platform.ts';
import { REFUSALS, type Refusal } from './refusals.ts';
import { createSocketServer } from './socket-server.ts';

export async function createTaobao(options: PlatformOptions): Promise<SimulatedPlatform> {
  const { app, shop } = options;
  const platform = createPlatform(options);
  const { messages } = platform;
  let count = 0;
  const sockets = createSocketServer({ app, shop, nick: NICK, messages, now: () => platform.now() * 1_000, onPush: options.onPush });
  const answer = (call: WireCall): WireAnswer => answerTo(platform, app, call, `sandbox${++count}`);
  const server = await openServer(platform, options, answer, sockets.upgrade);
  return {
    ...platform,
    ...server,
    channel: 'taobao',
    app,
    shop,
    mailbox: {
      ...messages,
      async deliver() {
        const before = messages.counts.delivered;
        await messages.deliver();
        await sockets.deliver();
        return messages.counts.delivered - before;
      },
    },
    explain: (signed) => explain(app, signed),
    pushTo: () => undefined,
    async close() {
      sockets.close();
      await server.close();
    },
  };
}

function answerTo(platform: Platform, app: SandboxApp, call: WireCall, request_id: string): WireAnswer {
  const found = call.method === 'POST' ? work(platform, app, call) : REFUSALS.method;
  const name = paramsOf(call.url, call.body).get('method') ?? '';
  const root = `${name.replace(/^taobao\./, '').replaceAll('.', '_')}_response`;
  const refusal = isRefusal(found) ? found : null;
  return {
    name,
    refused: refusal && `${refusal.code} ${refusal.sub_code ?? ''}`.trim(),
    status: 200,
    body: JSON.stringify(refusal === null ? { [root]: { ...found, request_id } } : { error_response: { ...refusal, request_id } }),
  };
}
const isRefusal = (found: object): found is Refusal => 'msg' in found;

/** Throttling comes first, as at any gate; then who calls, then what for. */
function work(platform: Platform, app: SandboxApp, { url, body }: WireCall): object | Refusal {
  if (platform.dice.chance(platform.rates().throttled)) return REFUSALS.throttled;
  const call = checkCall(app, url, body, platform.now());
  return 'msg' in call ? call : platform.answer(call);
}
