/**
 * Takes a screenshot of every page × state × language × width into screenshots/console and prints what axe-core finds.
 * `node apps/console/tools/screens.ts [part of a name …]`; build the console first. Ends with 1 when axe finds anything.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { faultsOfPage, openBrowser } from '../../../tools/browser.ts';
import { type MockApi, startMockApi, STATES, type State } from './mock-api.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const DIST = join(import.meta.dirname, '..', 'dist');
const OUT = join(ROOT, 'screenshots', 'console');
/** A small desktop, a phone, a warehouse's hand-held. */
const WIDTHS = [1366, 390, 480] as const;
const LANGUAGES = ['zh', 'en'] as const;
const WAIT_MS = 20_000;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface Scene {
  readonly name: string;
  readonly path: string;
  readonly states: readonly State[];
  readonly theme?: 'dark';
  /** What lies over the page is as high as the window; else the whole page is in the picture. */
  readonly isOneScreen?: true;
  /** What is done before the picture is taken. */
  readonly act?: (page: Page, api: MockApi) => Promise<void>;
}
const KEY = 'DY2026022200872A';
const plain = STATES.filter((state) => state !== 'stale');
const SCENES: readonly Scene[] = [
  { name: 'login', path: '/login', states: ['normal'] },
  { name: 'overview', path: '/', states: STATES },
  { name: 'overview-dark', path: '/', states: ['normal'], theme: 'dark' },
  { name: 'orders', path: '/orders', states: plain },
  { name: 'orders-filtered', path: '/orders?channel=douyin&status=paid&since=24h', states: ['normal'] },
  { name: 'orders-dark', path: '/orders', states: ['normal'], theme: 'dark' },
  { name: 'orders-panel', path: `/orders?open=${KEY}`, states: ['normal'], isOneScreen: true },
  { name: 'orders-new', path: '/orders', states: ['normal'], act: pushNew },
  { name: 'orders-stale', path: '/orders', states: ['stale'], act: (page) => page.locator('.list-top .text-button').click() },
  { name: 'order', path: `/orders/${KEY}`, states: STATES },
  { name: 'order-dark', path: `/orders/${KEY}`, states: ['normal'], theme: 'dark' },
  { name: 'order-hold', path: `/orders/${KEY}`, states: ['normal'], act: (page) => page.locator('.order-actions button').first().click() },
  {
    name: 'order-address',
    path: `/orders/${KEY}`,
    states: ['normal'],
    act: (page) => page.locator('.order-actions button').nth(1).click(),
  },
  {
    name: 'order-correct',
    path: `/orders/${KEY}`,
    states: ['normal'],
    act: (page) =>
      page
        .getByRole('button', { name: /^(更正运单号|Correct number)$/ })
        .first()
        .click(),
  },
  {
    name: 'order-pass',
    path: `/orders/${KEY}`,
    states: ['normal'],
    act: async (page) => {
      await page.getByRole('button', { name: /^(放行…|Let pass…)$/ }).click();
      await page.locator('.ant-popconfirm').waitFor();
    },
  },
  { name: 'order-reveal', path: `/orders/${KEY}`, states: ['normal'], act: askReveal },
  { name: 'order-revealed', path: `/orders/${KEY}`, states: ['normal'], act: revealAll },
  { name: 'reviews', path: '/reviews', states: STATES },
  { name: 'reviews-preview', path: `/reviews?open=${encodeURIComponent('PD2026022200879B.case-1')}`, states: ['normal'], act: previewFix },
  { name: 'reviews-causes', path: '/reviews?state=causes', states: plain },
  { name: 'reviews-bulk', path: '/reviews?state=causes', states: ['normal'], act: previewBulk },
  { name: 'audit', path: '/audit', states: STATES },
  { name: 'audit-dark', path: '/audit?since=7d', states: ['normal'], theme: 'dark' },
  { name: 'endpoint-new', path: '/', states: ['normal'], isOneScreen: true, act: fillEndpoint },
  {
    name: 'endpoint-new-empty',
    path: '/',
    states: ['normal'],
    isOneScreen: true,
    act: (page) => newEndpoint(page).then(() => sendForm(page)),
  },
  { name: 'endpoint-new-made', path: '/', states: ['normal'], isOneScreen: true, act: makeEndpoint },
  {
    name: 'endpoint-change',
    path: '/endpoints/ep_1',
    states: ['normal'],
    isOneScreen: true,
    act: (page) => page.locator('.endpoint-change').click(),
  },
  { name: 'endpoint', path: '/endpoints/ep_1', states: ['normal', 'loading', 'refused', 'failed', 'stale'] },
  { name: 'endpoint-dark', path: '/endpoints/ep_1', states: ['normal'], theme: 'dark' },
  { name: 'endpoint-delivery', path: '/endpoints/ep_1?outcome=failed&open=f-398', states: ['normal'], act: showAnswer },
  { name: 'endpoint-replay', path: '/endpoints/ep_1', states: ['normal'], act: countReplay },
  { name: 'channels', path: '/channels', states: ['normal', 'trouble', 'colleague', 'empty', 'loading', 'refused', 'failed', 'stale'] },
  { name: 'channels-dark', path: '/channels', states: ['trouble'], theme: 'dark' },
  { name: 'channels-shop', path: '/channels?open=douyin%2F4419023', states: ['normal', 'trouble', 'colleague'], isOneScreen: true },
  { name: 'channels-shop-wechat', path: '/channels?open=wechat%2F1600012345', states: ['normal'], isOneScreen: true },
  { name: 'channels-shop-dark', path: '/channels?open=taobao%2F112233445', states: ['trouble'], theme: 'dark', isOneScreen: true },
  { name: 'channels-renew', path: '/channels', states: ['trouble'], act: askRenewal, isOneScreen: true },
  {
    name: 'channels-rename',
    path: '/channels?open=douyin%2F4419023',
    states: ['normal'],
    act: async (page) => {
      await page.locator('.rename').click();
      await page.locator('.ant-modal .field').waitFor();
    },
    isOneScreen: true,
  },
  { name: 'channels-backfill', path: '/channels?open=douyin%2F4419023', states: ['normal'], act: askBackfill, isOneScreen: true },
  { name: 'channels-connect', path: '/channels', states: ['normal'], act: (page) => chooseChannel(page, 'douyin'), isOneScreen: true },
  { name: 'channels-connect-own', path: '/channels', states: ['normal'], act: (page) => chooseChannel(page, ''), isOneScreen: true },
  { name: 'channels-connect-blank', path: '/channels', states: ['normal'], act: connectBlank, isOneScreen: true },
  { name: 'channels-connect-refused', path: '/channels', states: ['trouble'], act: connectRefused, isOneScreen: true },
  { name: 'channels-connect-dark', path: '/channels', states: ['normal'], theme: 'dark', act: connectBlank, isOneScreen: true },
  { name: 'channels-connected', path: '/channels', states: ['normal'], act: connectShop, isOneScreen: true },
  { name: 'dead-letters', path: '/dead-letters', states: STATES },
  { name: 'dead-letters-dark', path: '/dead-letters', states: ['normal'], theme: 'dark' },
  { name: 'dead-letters-in', path: '/dead-letters?direction=in', states: ['normal', 'empty'] },
  { name: 'dead-letters-retried', path: '/dead-letters?direction=out', states: ['normal'], act: retryTwo },
  {
    name: 'dead-letters-panel',
    path: '/dead-letters?open=wb_DY2026022200872A_ship',
    states: ['normal', 'empty'],
    act: seePanel,
    isOneScreen: true,
  },
  { name: 'dead-letters-panel-in', path: '/dead-letters?open=dl_87994239451137', states: ['normal'], act: showMessage, isOneScreen: true },
  {
    name: 'dead-letters-panel-dark',
    path: '/dead-letters?open=dl_fetch_41_9f86d081884c7d659a2feaa0',
    states: ['normal'],
    theme: 'dark',
    act: seePanel,
    isOneScreen: true,
  },
  { name: 'nowhere', path: '/no/such/page', states: ['normal'] },
];

async function pushNew(page: Page, api: MockApi): Promise<void> {
  api.push(
    Array.from({ length: 12 }, (_, n) => ({
      orderKey: `DY202602229${String(n).padStart(4, '0')}A`,
      version: 1,
      type: 'order.created',
      status: 'paid',
      shop: '4419023',
    })),
  );
  await page.locator('.new-orders button').waitFor();
}
async function askReveal(page: Page): Promise<void> {
  await page.locator('.card header button').first().click();
  await page.locator('.ant-modal').waitFor();
}
async function revealAll(page: Page): Promise<void> {
  await askReveal(page);
  for (const box of await page.locator('.ant-modal input[type=checkbox]').all()) await box.check();
  await page.locator('.ant-modal input[type=radio]').first().check();
  await page.locator('.ant-modal-footer .ant-btn-primary').click();
  await page.locator('.revealed').waitFor();
}
async function previewBulk(page: Page): Promise<void> {
  await page.locator('.cause-do button').first().click();
  await page.locator('.bulk-preview').click();
  await page.locator('.bulk-found').waitFor();
}
async function previewFix(page: Page): Promise<void> {
  await page.locator('.fix .line .ant-btn').nth(1).click();
  await page.locator('.changes-table').waitFor();
}

async function showAnswer(page: Page): Promise<void> {
  await page.locator('.open-answer').dispatchEvent('click');
  await page.locator('.delivery-shown pre').nth(1).waitFor();
}
async function countReplay(page: Page): Promise<void> {
  await page.locator('.replay-new').click();
  const [from, to] = await page.locator('.ant-modal input[type=datetime-local]').all();
  await from?.fill('2026-02-20T20:00:00');
  await to?.fill('2026-02-20T20:30:00');
  await page.locator('.replay-count').click();
  await page.locator('.ant-modal .mono').first().waitFor();
}

async function newEndpoint(page: Page): Promise<void> {
  await page.locator('.endpoint-new').click();
  await page.locator('.ant-modal .field').first().waitFor();
}
/** Everything that can be narrowed is. */
async function fillEndpoint(page: Page): Promise<void> {
  await newEndpoint(page);
  const [name, url] = await page.locator('.ant-modal .field input').all();
  await name?.fill('财务');
  await url?.fill('https://finance.example.com/hooks/weir');
  await page.locator('.ant-modal fieldset').first().locator('input[type=radio]').nth(1).check();
  await page.locator('.ant-modal fieldset').first().locator('input[type=checkbox]').nth(5).check();
  await page.locator('.ant-modal fieldset').nth(1).locator('input[type=radio]').nth(1).check();
  await page.locator('.endpoint-shops input').fill('旗舰');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
}
async function makeEndpoint(page: Page): Promise<void> {
  await fillEndpoint(page);
  await sendForm(page);
  await page.locator('.endpoint-secret').waitFor();
}
async function askRenewal(page: Page): Promise<void> {
  await page.locator('.renew').first().click();
  await page.locator('.ant-modal .field').waitFor();
}
async function askBackfill(page: Page): Promise<void> {
  await page.locator('.backfill-new').click();
  await page.locator('.ant-modal .replay-times').waitFor();
}
async function chooseChannel(page: Page, channel: string): Promise<void> {
  await page.locator('.connect-shop').click();
  await page.locator('.channel-choice').selectOption(channel);
  await page.locator('.ant-modal fieldset').last().waitFor();
}
const sendForm = (page: Page): Promise<void> => page.locator('.ant-modal-footer .ant-btn-primary').click();
async function newWechatApp(page: Page): Promise<void> {
  await chooseChannel(page, 'wechat');
  await page.locator('.choices-column input').last().check();
}
async function connectBlank(page: Page): Promise<void> {
  await newWechatApp(page);
  await sendForm(page);
  await page.locator('.ant-modal small[role=alert]').first().waitFor();
}
async function connectRefused(page: Page): Promise<void> {
  await newWechatApp(page);
  for (const box of await page.locator('.ant-modal .field :is(input, textarea)').all()) await box.fill('1600012345');
  await sendForm(page);
  await page.locator('.ant-modal small[role=alert]').first().waitFor();
}
async function connectShop(page: Page): Promise<void> {
  await chooseChannel(page, 'douyin');
  await page.locator('.ant-modal fieldset').last().locator('input').first().fill('4419023');
  await sendForm(page);
  await page.locator('.next-steps').waitFor();
}

/** One is queued again, of the other somebody else has tried already. */
async function retryTwo(page: Page): Promise<void> {
  for (const n of [1, 0]) await page.locator('.retry').nth(n).click();
  await page.locator('.mark-right').waitFor();
  await page.locator('.letter-failed').waitFor();
}
/** It slides in. */
async function seePanel(page: Page): Promise<void> {
  await page.locator('.letter-drawer .ant-drawer-body > *').first().hover({ trial: true });
}
async function showMessage(page: Page): Promise<void> {
  await page.locator('.open-message').click();
  await page.locator('.raw-message').waitFor();
}

/** What shows that a state is drawn. */
const DRAWN: Readonly<Record<State, string>> = {
  normal: '.login-card, .card, .orders tbody tr, .empty',
  empty: '.empty, .card',
  loading: '.loading',
  refused: '.ant-alert-warning',
  failed: '.ant-alert-error',
  stale: '.as-of.stale',
  trouble: '.trouble',
  colleague: '.trouble',
};

async function takeAll(browser: Browser, api: MockApi, wanted: readonly string[]): Promise<number> {
  let found = 0;
  for (const width of WIDTHS)
    for (const language of LANGUAGES)
      for (const scene of SCENES)
        for (const state of scene.states) {
          const name = `${scene.name}-${state}-${language}-${width}`;
          if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
          found += await take(browser, api, { scene, state, language, width, name });
        }
  return found;
}

interface Shot {
  readonly scene: Scene;
  readonly state: State;
  readonly language: string;
  readonly width: number;
  readonly name: string;
}
async function take(browser: Browser, api: MockApi, { scene, state, language, width, name }: Shot): Promise<number> {
  const context = await browser.newContext({
    viewport: { width, height: width > 720 ? 768 : 844 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.addInitScript(
    ([saidIn, theme]) => {
      localStorage.setItem('weir.language', saidIn);
      localStorage.setItem('weir.theme', theme);
    },
    [language, scene.theme ?? 'light'] as const,
  );
  api.setState(state === 'stale' ? 'normal' : state);
  await page.goto(`${api.url}${scene.path}`);
  if (state === 'stale') {
    await page.locator('.as-of').first().waitFor({ timeout: WAIT_MS });
    api.setState('stale');
  } else await page.locator(DRAWN[state]).first().waitFor({ timeout: WAIT_MS });
  if (state !== 'loading') await page.waitForLoadState('load');
  if (state === 'normal') await page.locator('.loading').first().waitFor({ state: 'detached', timeout: WAIT_MS });
  await scene.act?.(page, api);
  if (state === 'stale') await page.locator(DRAWN.stale).first().waitFor({ timeout: WAIT_MS });
  await page.screenshot({ path: join(OUT, `${name}.png`), fullPage: scene.isOneScreen !== true });
  const violations = await faultsOfPage(page);
  for (const text of [...violations, ...faults]) say(`${name}: ${text}`);
  await context.close();
  return violations.length + faults.length;
}

if (!existsSync(join(DIST, 'index.html'))) {
  say('No build of the console: run `vite build apps/console` first. 控制台还没有构建。');
  process.exit(2);
}
mkdirSync(OUT, { recursive: true });
const api = await startMockApi(DIST);
const browser = await openBrowser();
const found = await takeAll(browser, api, process.argv.slice(2));
await browser.close();
await api.close();
say(found === 0 ? `axe-core and the pages found nothing; see ${OUT}` : `${found} findings; see ${OUT}`);
process.exitCode = found === 0 ? 0 : 1;
