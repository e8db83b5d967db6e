/** Which channels this house can speak to, and what each asks for: so that a form can be drawn without knowing any of them. */
import type { Adapter } from '@weir/connectors/adapter';
import { ChannelList } from '@weir/contract';
import type { FastifyInstance } from 'fastify';
import { route } from '#web';
import { allSettings } from './app-settings.ts';
import { LINK_KINDS } from './link-store.ts';

const toItem = ({ channel, consentCode, door, feeds, limits, writeBack, ...adapter }: Adapter) => ({
  channel,
  settings: allSettings(adapter).map(({ name, isRequired, form = 'secret', zh, en }) => ({ name, isRequired, form, zh, en })),
  consentCode,
  pushPath: door === undefined ? null : `/v1/intake/${channel}/{app}`,
  links: LINK_KINDS.filter((kind) => adapter[kind] !== undefined),
  feeds,
  settleSeconds: limits.settleSeconds ?? 0,
  backfillDays: limits.ageDays,
  canNoteOrderKey: writeBack?.writeOrderKey !== undefined,
});

export function offeredRoutes(app: FastifyInstance, { adapters }: { readonly adapters: ReadonlyMap<string, Adapter> }): void {
  const list = {
    id: 'listChannels',
    method: 'GET',
    path: '/v1/channels',
    tag: 'channels',
    zh: '能接入哪些渠道，登记应用和接入店铺各要填什么',
    en: 'the channels that can be connected, and what each asks for',
    answers: { 200: ChannelList },
  } as const;
  route(app, list, async () => ({ items: [...adapters.values()].map(toItem), nextCursor: null }));
}
