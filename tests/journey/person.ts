/** Somebody in front of the console: a real browser on a real house. Waits for what should be there, never for a time. */
import type { AddressInfo } from 'node:net';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '@weir/contract';
import type { Browser, Page, Response } from 'playwright-core';
import { ensurePerson } from '../../apps/server/src/access/index.ts';
import { faultsOfPage, openBrowser } from '../../tools/browser.ts';
import { type TestHouse, testHouse } from '../support/index.ts';

const BUILT = join(import.meta.dirname, '..', '..', 'apps', 'console', 'dist', 'index.html');
const WAIT_MS = 30_000;
const SCREEN = { width: 1366, height: 768 } as const;
export const PASSWORD = 'correct horse battery staple';

export interface Open {
  readonly house: TestHouse;
  readonly browser: Browser;
  readonly url: string;
  close(): Promise<void>;
}
export async function openAll(options: Parameters<typeof testHouse>[0] = {}): Promise<Open> {
  if (!existsSync(BUILT)) throw new Error('The console is not built: run `vite build apps/console` first. 控制台还没有构建。');
  const house = await testHouse(options);
  const browser = await openBrowser();
  await house.house.app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(house.house.app.server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    await browser.close();
    await house.close();
  };
  return { house, browser, url, close };
}

export const hire = ({ house }: Open, login: string, role: Role): Promise<void> =>
  ensurePerson(house.house.db, { login, name: login, role, password: PASSWORD });

export interface Person {
  readonly page: Page;
  /** What the browser complained about: exceptions, and answers that are a fault of ours. */
  readonly complaints: readonly string[];
  /** Logs in from wherever the login page stands. */
  login(name: string): Promise<void>;
  /** Every rule of axe-core, in both themes. */
  looksRight(): Promise<readonly string[]>;
}

export async function sitDown({ browser, url }: Open): Promise<Person> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: SCREEN,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    colorScheme: 'light',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('response', (response: Response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`);
  });
  return {
    page,
    complaints,
    async login(name) {
      await page.getByLabel('用户名').fill(name);
      await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: '登录', exact: true }).click();
    },
    async looksRight() {
      const asItIs = await faultsOfPage(page);
      await page.getByRole('button', { name: /^(深色|Dark)/ }).click();
      const inTheDark = await faultsOfPage(page);
      await page.getByRole('button', { name: /^(浅色|Light)/ }).click();
      return [...asItIs, ...inTheDark.map((fault) => `dark: ${fault}`)];
    },
  };
}
