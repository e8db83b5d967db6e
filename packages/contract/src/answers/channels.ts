/** What the channels room answers. No secret, token or credential is in any of it. */
import Type from 'typebox';
import { strict } from '../values.ts';
import { Count, Instant, listOf, orNull } from './list.ts';

export const AppItem = Type.Object(
  {
    id: Type.String(),
    channel: Type.String(),
    key: Type.String({ description: 'as the channel knows the app' }),
    name: Type.String(),
    baseUrl: orNull(Type.String({ description: 'of a simulated channel; null = the channel’s own' })),
    pushPath: Type.String({ description: 'the address to register at the channel, below this server’s own' }),
    wrongSignatures: Type.Object(
      {
        total: Count,
        lastAt: orNull(Instant),
        alarmAt: orNull(Type.String({ description: 'when five last came within a minute' })),
      },
      strict,
    ),
    createdAt: Instant,
  },
  { ...strict, $id: 'App' },
);
export const AppList = listOf(AppItem);

export const ShopItem = Type.Object(
  {
    channel: Type.String(),
    shop: Type.String(),
    name: Type.String(),
    app: Type.Optional(Type.String({ description: 'through which it is connected; absent for a shop that speaks the neutral form only' })),
    tokenError: Type.Optional(Type.String({ description: 'why we have no token for it' })),
  },
  { ...strict, $id: 'Shop' },
);
export const ShopList = listOf(ShopItem);
