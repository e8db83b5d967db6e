/** People: who may log in. Administration, audited; a password is told once, by whoever made it. */
import { PersonList, PersonMade, PersonRemoved, ROLES, type Role } from '@weir/contract';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { type Clock, type Db, newId } from '#platform';
import { Refusal, route } from '#web';
import { hashPassword, madePassword, PASSWORD_LENGTH } from './passwords.ts';
import { changePassword, deletePerson, insertPerson, listPeople, savePerson } from './people-store.ts';
import { audited } from './audit.ts';
import { ShopNames } from './routes.ts';

const strict = { additionalProperties: false } as const;
const Password = Type.Optional(Type.String({ ...PASSWORD_LENGTH, description: 'absent = one is made and told once' }));
const Login = Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\s:]+$', description: 'without spaces and colons' });

interface PeopleDeps {
  readonly db: Db;
  readonly clock: Clock;
}

/** For `npm start`: the same login at each start. */
export async function ensurePerson(db: Db, wanted: { login: string; name: string; role: Role; password: string }): Promise<void> {
  const { login, name, role, password } = wanted;
  await savePerson(db, { id: newId('usr'), login, name, role, shops: null, passwordHash: await hashPassword(password) });
}

export function peopleRoutes(app: FastifyInstance, deps: PeopleDeps): void {
  const list = {
    id: 'listPeople',
    method: 'GET',
    path: '/v1/people',
    tag: 'access',
    zh: '可以登录的人',
    en: 'who may log in',
    answers: { 200: PersonList },
  } as const;
  route(app, list, async () => ({ items: await listPeople(deps.db), nextCursor: null }));
  addRoute(app, deps);
  resetRoute(app, deps);
  removeRoute(app, deps);
}

function addRoute(app: FastifyInstance, { db, clock }: PeopleDeps): void {
  const declaration = {
    id: 'addPerson',
    method: 'POST',
    path: '/v1/people',
    tag: 'access',
    zh: '新增一个可以登录的人',
    en: 'lets a person log in',
    body: Type.Object(
      {
        login: Login,
        name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
        role: Type.Enum(ROLES),
        shops: Type.Optional(ShopNames),
        password: Password,
      },
      strict,
    ),
    answers: { 201: PersonMade },
    errors: ['person.login_taken'],
  } as const;
  route(app, declaration, async ({ reply, caller, body: { login, name = login, role, shops = null, password } }) => {
    const made = password ?? madePassword();
    const id = newId('usr');
    const passwordHash = await hashPassword(made);
    await audited(db, clock.now(), caller, async (tx) => {
      if (!(await insertPerson(tx, { id, login, name, role, shops, passwordHash }))) throw new Refusal('person.login_taken', { login });
      return [null, ['person.added', id, { after: { login, role, shops } }]];
    });
    return reply.status(201).send({ id, login, ...(password === undefined ? { password: made } : {}) });
  });
}

function resetRoute(app: FastifyInstance, { db, clock }: PeopleDeps): void {
  const declaration = {
    id: 'resetPerson',
    method: 'POST',
    path: '/v1/people/{id}:reset',
    tag: 'access',
    zh: '换密码；此人已打开的会话都结束',
    en: "changes a person's password and ends the sessions that are open",
    body: Type.Object({ password: Password }, strict),
    answers: { 200: PersonMade },
    errors: ['person.not_found'],
  } as const;
  route(app, declaration, async ({ caller, params: { id }, body: { password } }) => {
    const made = password ?? madePassword();
    const passwordHash = await hashPassword(made);
    const login = await audited(db, clock.now(), caller, async (tx) => {
      const known = await changePassword(tx, id, passwordHash);
      if (known === null) throw new Refusal('person.not_found');
      return [known, ['person.reset', id, { login: known }]];
    });
    return { id, login, ...(password === undefined ? { password: made } : {}) };
  });
}

function removeRoute(app: FastifyInstance, { db, clock }: PeopleDeps): void {
  const declaration = {
    id: 'removePerson',
    method: 'POST',
    path: '/v1/people/{id}:remove',
    tag: 'access',
    zh: '移除；此人的会话立即结束',
    en: 'removes a person; the sessions end at once',
    answers: { 200: PersonRemoved },
    errors: ['person.not_found'],
  } as const;
  route(app, declaration, async ({ caller, params: { id } }) => {
    await audited(db, clock.now(), caller, async (tx) => {
      const before = await deletePerson(tx, id);
      if (before === null) throw new Refusal('person.not_found');
      return [null, ['person.removed', id, { before }]];
    });
    return { id, removed: true };
  });
}
