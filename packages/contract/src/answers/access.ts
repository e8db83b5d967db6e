/** What the access room answers: tokens, people, sessions. A secret appears in the one answer that makes it. */
import Type from 'typebox';
import { ROLES } from '../statuses.ts';
import { strict } from '../values.ts';
import { Instant, listOf, orNull } from './list.ts';

const Shops = orNull(Type.Array(Type.String(), { description: '`channel/shop` each' }));

export const TokenMade = Type.Object(
  { id: Type.String(), token: Type.String({ description: 'shown this once' }) },
  { ...strict, $id: 'TokenMade' },
);
export const TokenItem = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    role: Type.Enum(ROLES),
    shops: Shops,
    createdAt: Instant,
    revokedAt: orNull(Instant),
  },
  { ...strict, $id: 'Token' },
);
export const TokenList = listOf(TokenItem);
export const TokenRevoked = Type.Object({ id: Type.String(), revoked: Type.Boolean() }, strict);

export const PersonItem = Type.Object(
  { id: Type.String(), login: Type.String(), name: Type.String(), role: Type.Enum(ROLES), shops: Shops, createdAt: Instant },
  { ...strict, $id: 'Person' },
);
export const PersonList = listOf(PersonItem);
export const PersonMade = Type.Object(
  { id: Type.String(), login: Type.String(), password: Type.Optional(Type.String({ description: 'made by Weir, shown this once' })) },
  { ...strict, $id: 'PersonMade' },
);
export const PersonRemoved = Type.Object({ id: Type.String(), removed: Type.Boolean() }, strict);

export const LoginAnswer = Type.Object({ id: Type.String(), name: Type.String(), role: Type.Enum(ROLES) }, { ...strict, $id: 'LoggedIn' });
export const LogoutAnswer = Type.Object({ ok: Type.Boolean() }, strict);
export const MeAnswer = Type.Object(
  { id: Type.String(), name: Type.String(), role: Type.Enum(ROLES), shops: Shops, reveals: Type.Array(Type.String()) },
  { ...strict, $id: 'Me' },
);
