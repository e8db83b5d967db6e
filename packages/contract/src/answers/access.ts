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

/** From where something was asked: a program's token, a person's session, a password, or the server's own environment. */
export const AUDIT_VIAS = ['token', 'session', 'password', 'environment'] as const;
export type AuditVia = (typeof AUDIT_VIAS)[number];
export const AuditItem = Type.Object(
  {
    id: Type.String({ description: 'chain (process, day) and serial' }),
    at: Instant,
    who: Type.String({ description: 'id of the token or person' }),
    name: orNull(Type.String({ description: 'as it was then' })),
    via: orNull(Type.Enum(AUDIT_VIAS)),
    address: orNull(Type.String({ description: 'IP address' })),
    what: Type.String(),
    subject: orNull(Type.String()),
    detail: Type.Record(Type.String(), Type.Unknown(), { description: 'what it was about, `before` and `after`; nothing personal' }),
  },
  { ...strict, $id: 'AuditRecord' },
);
export const AuditList = listOf(AuditItem);
export const AuditKeyAnswer = Type.Object(
  { algorithm: Type.Literal('Ed25519'), publicKey: Type.String({ description: 'SPKI, PEM' }), fingerprint: Type.String() },
  { ...strict, $id: 'AuditKey' },
);
