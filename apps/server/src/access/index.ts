/** Keys, seals, tokens and roles: who may see and do what. */
export { type Keys, openKeys, proveRootKey, ROOT_KEY_FILE, rootKeyId, rootOf, secretHash } from './keys.ts';
export { type Hmac, oneShotHmac, SealBroken, sealBox } from './seal-box.ts';
export { authenticate, createToken, ensureAdminToken, mayTouchShop } from './tokens.ts';
export { listTokens, readInstallationId, readTimeline, revokeToken } from './store.ts';
export { audit, audited, sealAuditWith } from './audit.ts';
export { readHeadLines } from './audit-file.ts';
export { type AuditKeeper, createAuditKeeper } from './audit-keeper.ts';
export { openAuditKey, readAuditKey } from './audit-key.ts';
export { auditRoutes } from './audit-routes.ts';
export { countUnheaded, lastHead, streamAudit, streamHeads } from './audit-store.ts';
export { createVerifier, type Finding, FINDINGS } from './audit-verify.ts';
export { auditWithin } from './quota.ts';
export { grant, type OpenedToken, openGranted, PURPOSES, reveal } from './reveal.ts';
export { holdWordsFor, maskedBundle, type PersonalBundle, REVEAL_FIELDS, Sealed } from './sealed.ts';
export { accessRoutes } from './routes.ts';
export { authenticateSession, loginRoutes } from './login.ts';
export { ensurePerson, peopleRoutes } from './people.ts';
