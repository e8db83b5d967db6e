/** A person plays on the sandbox's page while things change under the hand, are refused, stop and begin anew. */
import { openStand, type Stand } from '@weir/sandbox/stand';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../../tools/browser.ts';

const WAIT_MS = 30_000;
/** Below the ports that outgoing connections take: it is opened, closed, and must be opened there again. */
const PORT = 17_000 + (process.pid % 500) * 4;
let browser: Browser;
let stand: Stand;
beforeAll(async () => {
  browser = await openBrowser();
  stand = await openStand({ seed: 1, channels: ['wechat', 'taobao'], port: PORT });
});
afterAll(async () => {
  await browser.close();
  await stand.close();
});

async function sit(channel: string): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(WAIT_MS);
  await page.goto(`${stand.url}/#${channel}`);
  await page.getByText('还没有订单').waitFor();
  return page;
}
const platformOf = (channel: string) => {
  const booth = stand.booth(channel);
  if (booth === undefined) throw new Error(`no ${channel} on the stand`);
  return booth.platform;
};

test('a no stays until it is put away; a refusal with HTTP 200 is shown as one, at the time of China; an empty push address asks first', async () => {
  const page = await sit('wechat');
  await page.getByRole('button', { name: 'A buyer orders' }).click();
  await page.getByRole('button', { name: /^付款 pay/ }).waitFor();
  await page.locator('#rates input').first().fill('2');
  await page.keyboard.press('Tab');
  const said = page.locator('#said');
  await said.getByRole('button', { name: 'dismiss' }).waitFor();
  await page.waitForResponse((response) => response.url().endsWith('/state')); // what asks by itself takes nothing away
  expect(await said.innerText()).not.toBe('');
  await said.getByRole('button', { name: 'dismiss' }).click();
  expect(await said.innerText()).toBe('');

  await fetch(`${platformOf('wechat').url}/wxa/sec/order/get_order_list?access_token=wrong`, { method: 'POST', body: '{}' });
  const record = page.locator('#wire summary').first();
  await record.getByText(/200 · 拒绝 refused 40001/).waitFor();
  expect(await record.locator('.bad').count()).toBeGreaterThan(0);
  expect(await record.innerText()).toMatch(/\d\d:\d\d:\d\d\.\d{3} \+08:00/);

  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.message());
    void dialog.dismiss();
  });
  await page.getByRole('button', { name: 'Push here' }).click();
  await expect.poll(() => asked.length, { timeout: WAIT_MS }).toBe(1);
  await page.close();
});

test('rows stay where they are under the hand; a sandbox that stopped says so, and one that began anew is seen from its first record on', async () => {
  const page = await sit('taobao');
  await page.getByRole('button', { name: 'A buyer orders' }).click();
  const row = page.locator('#orders article').first();
  const paying = row.getByRole('button', { name: /^付款 pay/ });
  await paying.hover();
  await paying.evaluate((button) => {
    button.dataset['mine'] = 'yes';
  });
  const id = await row.locator('code').innerText();
  platformOf('taobao').pay(id);
  platformOf('taobao').place();
  await page.getByRole('button', { name: '1 个新订单' }).waitFor();
  await expect.poll(() => paying.isDisabled(), { timeout: WAIT_MS }).toBe(true);
  expect(await paying.getAttribute('data-mine')).toBe('yes');
  expect(await page.locator('#orders article').count()).toBe(1);
  await page.getByRole('button', { name: '1 个新订单' }).click();
  await expect.poll(() => page.locator('#orders article').count(), { timeout: WAIT_MS }).toBe(2);

  await stand.close();
  await page.getByText('沙盒没有回答').waitFor();
  expect(await page.getByRole('button', { name: 'A buyer orders' }).isDisabled()).toBe(true);
  stand = await openStand({ seed: 1, channels: ['wechat', 'taobao'], port: PORT });
  await page.getByText('沙盒没有回答').waitFor({ state: 'hidden' });
  await fetch(`${platformOf('taobao').url}/router/rest?method=taobao.time.get`, { method: 'POST' });
  await page.locator('#wire summary').first().waitFor();
  await page.getByText('还没有订单').waitFor();
  await page.close();
});
