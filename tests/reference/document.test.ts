import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { ERRORS } from '@weir/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestHouse, testHouse } from '../support/index.ts';
import { pathOfRoute } from './match.ts';

const PAGES = join(import.meta.dirname, '..', '..', 'apps', 'console', 'dist');
interface Document extends Record<string, unknown> {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string; readonly responses: object }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}
let house: TestHouse;
let document: Document;
beforeAll(async () => {
  house = await testHouse();
  document = (await house.send('GET', '/openapi.json', undefined, { token: null })).body as Document;
});
afterAll(() => house.close());

const documented = (): string[] =>
  Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));

/** The console's files are no API; HEAD comes with each GET. */
function routed(): string[] {
  const files = existsSync(PAGES) ? readdirSync(PAGES, { recursive: true, encoding: 'utf8' }).map((file) => `GET /${file}`) : [];
  const pages = new Set(['GET /', ...files]);
  return house.house.app.routed.filter((each) => !each.startsWith('HEAD ') && !pages.has(each)).map(pathOfRoute);
}

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
  expect(document.openapi).toMatch(/^3\.1\./);
});

test('a document that is wrong is noticed by the same validator', async () => {
  const { paths, ...rest } = structuredClone(document);
  expect((await new Validator().validate({ ...rest, paths: { ...paths, '/x': { get: { responses: [] } } } })).valid).toBe(false);
});

test('every route of the house is in the document, and the other way round', () => {
  expect(documented().toSorted()).toEqual(routed().toSorted());
  expect(documented()).toContain('POST /v1/orders/{key}:cancel');
  expect(documented().length).toBeGreaterThan(30);
});

test('a route that nobody declared would be noticed', () => {
  expect(pathOfRoute('POST /v1/orders/:key(^[^:]+)::vanish')).toBe('POST /v1/orders/{key}:vanish');
  expect(pathOfRoute('POST /v1/orders::import')).toBe('POST /v1/orders:import');
  expect(documented()).not.toContain('POST /v1/orders/{key}:vanish');
});

test('no operation id and no schema is used twice, and every reference leads somewhere', () => {
  const ids = Object.values(document.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
  expect(new Set(ids).size).toBe(ids.length);
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1] as string);
  expect(references.filter((name) => !Object.hasOwn(document.components.schemas, name))).toEqual([]);
});

test('every code that the house may answer is declared by some route', () => {
  const text = JSON.stringify(document);
  const later = ['raw.expired', 'review.nothing_to_fix']; // the last is told of single cases of a bulk decision; of rooms that are not built yet
  expect(Object.keys(ERRORS).filter((code) => !text.includes(`"${code}"`) && !later.includes(code))).toEqual([]);
});

describe('GET /docs', () => {
  test('shows every operation to people, in both languages, and runs no script', async () => {
    const { statusCode, body, headers } = await house.house.app.inject({ url: '/docs' });
    expect(statusCode).toBe(200);
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(body).not.toMatch(/<script|\son\w+=/);
    for (const methods of Object.values(document.paths))
      for (const { operationId } of Object.values(methods)) expect(body).toContain(`id="${operationId}"`);
    expect(body).toContain('取消；已有发货则拒绝');
    expect(body).toContain('cancels; refused once something has shipped');
  });
  test('leads to every schema that it names', async () => {
    const { body } = await house.house.app.inject({ url: '/docs' });
    const links = [...body.matchAll(/href="#([\w-]+)"/g)].map((match) => match[1] as string);
    expect(links.filter((id) => !body.includes(`id="${id}"`))).toEqual([]);
  });
});

test.each([
  '/v1/orders/OW20260220000000A:vanish',
  '/v1/orders:vanish',
  '/v1/reviews/x:vanish',
  '/v1/people/x:vanish',
  '/v1/outcomes/1:vanish',
])('an unknown verb answers 404: %s', async (path) => {
  expect(await house.send('POST', path, {})).toMatchObject({ status: 404, body: { code: 'request.not_found' } });
});
