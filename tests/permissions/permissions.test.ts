import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Permission, PERMISSIONS, ROLES } from '@weir/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pathOfRoute } from '../reference/match.ts';
import { type Case, CASES } from './cases.ts';
import { probe } from './probe.ts';
import { type Caller, openWorld, type Spoil, type World } from './world.ts';

const PAGES = join(import.meta.dirname, '..', '..', 'apps', 'console', 'dist');
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** What the router knows, but for the console's files, and HEAD which comes with each GET. */
function routed({ house }: World): string[] {
  const files = existsSync(PAGES) ? readdirSync(PAGES, { recursive: true, encoding: 'utf8' }).map((file) => `GET /${file}`) : [];
  const pages = new Set(['GET /', ...files]);
  return house.house.app.routed.filter((each) => !each.startsWith('HEAD ') && !pages.has(each)).map(pathOfRoute);
}
const unknownTo = (found: World): string[] => routed(found).filter((address) => !(address in PERMISSIONS) || !(address in CASES));

test('the matrix names every route that the router knows, and nothing else; and each has its case here', async () => {
  expect(unknownTo(world)).toEqual([]);
  expect(Object.keys(PERMISSIONS).toSorted()).toEqual(routed(world).toSorted());
  expect(Object.keys(CASES).toSorted()).toEqual(routed(world).toSorted());
  const { paths } = JSON.parse((await world.ask(world.admin, 'GET', { path: '/openapi.json' })).text) as { paths: Record<string, object> };
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.toSorted()).toEqual(Object.keys(PERMISSIONS).toSorted());
});

test('every route answers every role, with every shop, its own and a foreign one, and nobody, as the matrix says', async () => {
  expect(await probe(world)).toEqual([]);
});

test('whoever made an import reads it, also bound to a shop; an administrator of some shops reads only its own', async () => {
  for (const name of ['integration, own shop', 'operations, every shop', 'admin, own shop']) {
    const maker = world.callers.find((caller) => caller.name === name) as Caller;
    const wish = await (CASES['POST /v1/orders:import'] as Case).wish(world);
    const id = (await world.ask(maker, 'POST', wish)).headers.get('weir-import-id') as string;
    const readers = new Set<string>();
    for (const caller of world.callers)
      if ((await world.ask(caller, 'GET', { path: `/v1/imports/${id}/report` })).status === 200) readers.add(caller.name);
    expect(readers).toEqual(new Set([name, 'admin, every shop', 'an admin by cookie', "an admin's cookie from a foreign page"]));
  }
});

test('no route names a warehouse yet; the day one does, the matrix needs a rule for it', async () => {
  const declared = world.house.house.app.declared.map(({ path, query, body }) => JSON.stringify([path, query, body]));
  expect(declared.filter((text) => /"\w*warehouse\w*":|\{\w*warehouse\w*\}/i.test(text))).toEqual([]);
});

describe('a house with a hole is noticed', () => {
  const found = async (spoil: Spoil, only: readonly string[]): Promise<string[]> => {
    const spoilt = await openWorld(spoil);
    try {
      return [...unknownTo(spoilt), ...(await probe(spoilt, only))];
    } finally {
      await spoilt.close();
    }
  };
  const everyone: Permission = { roles: ROLES, shops: 'seen' };

  test('the check of a role removed, and that of who is calling', async () => {
    const holes = ['GET /v1/people', 'POST /v1/orders/{key}:cancel', 'GET /metrics'] as const;
    const [roleless, strangers] = [Object.fromEntries(holes.map((address) => [address, everyone])), { 'GET /v1/apps': 'anybody' as const }];
    const wrong = await found({ permissions: { ...PERMISSIONS, ...roleless, ...strangers } }, [...holes, 'GET /v1/apps']);
    for (const address of [...holes, 'GET /v1/apps']) expect(wrong.some((line) => line.startsWith(`${address} as `))).toBe(true);
    expect(wrong.some((line) => line.startsWith('GET /v1/apps as nobody'))).toBe(true);
  });

  test('the check of shops removed', async () => {
    const addresses = Object.entries(PERMISSIONS)
      .filter(([, permission]) => permission !== 'anybody' && ['seen', 'written', 'every'].includes(permission.shops))
      .map(([address]) => address);
    const wrong = await found(
      {
        before: ({ house }) =>
          void house.app.addHook('onRequest', async (request) => {
            if (request.caller !== null) request.caller = { ...request.caller, shops: null };
          }),
      },
      addresses,
    );
    const blind = addresses.filter((address) => !wrong.some((line) => line.startsWith(`${address} as `) && line.includes('another shop')));
    expect(blind).toEqual(['GET /v1/stream']); // tells nothing within the moment in which it is read here; tests/canary listens longer
  });

  test('a route that nobody entered, and one registered past the front', async () => {
    const wrong = await found({ before: ({ house }) => void house.app.get('/v1/everything', async () => ({ all: true })) }, [
      'GET /healthz',
    ]);
    expect(wrong).toEqual(['GET /v1/everything']);
  });
});
