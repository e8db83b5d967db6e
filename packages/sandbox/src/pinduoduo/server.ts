/** The simulated Pinduoduo on a port of this machine: calls are checked by the platform's rules and answered in its shape, messages go over its socket. */
import { realClock } from '../clock.ts';
import type { PlatformOptions, SandboxApp, SimulatedPlatform } from '../market/platform.ts';
import { openServer, type WireAnswer, type WireCall } from '../market/server.ts';
import { checkCall } from './check-call.ts';
import { explain } from './explain.ts';
import { createPlatform, isRefusal, type Platform } from './platform.ts';
import { REFUSALS, type Refusal } from './refusals.ts';
import { createSockets } from './socket.ts';

export async function createPinduoduo(options: PlatformOptions): Promise<SimulatedPlatform> {
  const { app, shop, clock = realClock } = options;
  const platform = createPlatform(options);
  const { kept, answer: _, ...market } = platform;
  const sockets = createSockets({ app, kept, now: () => clock.now() + platform.rates().clockSkewMs });
  let count = 0;
  const server = await openServer(platform, options, (call) => answerTo(platform, app, call, `1700000000000${++count}`), sockets.upgrade);
  return {
    ...market,
    ...server,
    channel: 'pinduoduo',
    app,
    shop,
    explain: (signed) => explain(app, signed),
    mailbox: { ...kept, deliver: sockets.deliver },
    // Messages go to whoever holds the socket.
    pushTo: () => {},
    async close() {
      sockets.close();
      await server.close();
    },
  };
}

function answerTo(platform: Platform, app: SandboxApp, call: WireCall, request_id: string): WireAnswer {
  const found = work(platform, app, call);
  const refusal = isRefusal(found) ? found : null;
  const said = refusal === null ? withId(found, request_id) : { error_response: { ...refusal, request_id } };
  const name = /"type":"([\w.]+)"/.exec(call.body)?.[1] ?? '';
  return { name, refused: refusal && `${refusal.error_code} ${refusal.sub_code ?? ''}`.trim(), status: 200, body: JSON.stringify(said) };
}
/** The number of the request stands inside the answer's one name. */
const withId = (found: object, request_id: string): object =>
  Object.fromEntries(Object.entries(found).map(([root, data]) => [root, { ...(data as object), request_id }]));

/** Throttling comes first, as at any gate; then who calls, then what for. */
function work(platform: Platform, app: SandboxApp, { method, url, body }: WireCall): object | Refusal {
  if (method !== 'POST') return REFUSALS.parameters;
  if (platform.dice.chance(platform.rates().throttled)) return REFUSALS.throttled;
  const call = checkCall(app, url.pathname, body, platform.now());
  return isRefusal(call) ? call : platform.answer(call);
}
