/** Connects a booth to a running Weir as a person would do it: registers the app, connects the shop, and says where its messages go. */
import type { Booth } from './stand.ts';

export type Post = (path: string, body: unknown) => Promise<{ readonly id?: string; readonly pushPath?: string }>;

/** The address at Weir that this platform pushes to; a platform that is asked for its messages never uses it. */
export async function connectBooth(booth: Booth, weir: string, post: Post): Promise<string> {
  const { known, platform } = booth;
  const { key, secret, settings } = platform.app;
  const app = await post('/v1/apps', {
    channel: known.channel,
    key,
    secret,
    name: `沙盒 sandbox ${known.zh}`,
    baseUrl: platform.url,
    ...(settings === undefined ? {} : { settings }),
  });
  const credentials = known.code === undefined ? {} : { credentials: { code: known.code } };
  await post('/v1/shops', { channel: known.channel, shop: platform.shop, name: `模拟${known.zh}`, app: app.id, ...credentials });
  const pushUrl = new URL(app.pushPath ?? '/', weir).href;
  booth.pushTo(pushUrl);
  return pushUrl;
}
