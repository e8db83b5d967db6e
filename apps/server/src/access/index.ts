/** Keys, seals, tokens and roles: who may see and do what. */
export { type Keys, openKeys, ROOT_KEY_FILE, rootKeyId, secretHash } from './keys.ts';
export { oneShotHmac, SealBroken, sealBox } from './seal-box.ts';
export { authenticate, createToken, ensureAdminToken, mayTouchShop } from './tokens.ts';
export { listTokens, revokeToken } from './store.ts';
export { audit, grant, openGranted, PURPOSES, reveal } from './reveal.ts';
export { holdWordsFor, maskedBundle, type PersonalBundle, REVEAL_FIELDS, Sealed } from './sealed.ts';
export { accessRoutes } from './routes.ts';
export { authenticateSession, loginRoutes } from './login.ts';
export { ensurePerson, peopleRoutes } from './people.ts';
