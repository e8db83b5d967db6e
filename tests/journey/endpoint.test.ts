/** An administrator makes an endpoint in the browser; who is told verifies what comes with the secret that was shown. */
import { createSubscriber, type Subscriber } from '@weir/sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsOfPage } from '../../tools/browser.ts';
import { neutralOrder, waitUntil } from '../support/index.ts';
import { hire, type Open, openAll, sitDown } from './person.ts';

const MINUTE_MS = 60_000;

let open: Open;
let erp: Subscriber;
beforeAll(async () => {
  open = await openAll({ allowPrivateEndpoints: true });
  erp = await createSubscriber({ secret: 'whsec_' });
  await hire(open, 'xiaoyu', 'admin');
  await hire(open, 'yunying', 'operations');
  for (const [shop, name] of [
    ['s1', '茶铺'],
    ['s2', '杯铺'],
  ])
    await open.house.send('POST', '/v1/shops', { channel: 'own', shop, name });
});
afterAll(async () => {
  await open.close();
  await erp.close();
});

test('what is missing is said at its field, the secret is shown once, and only what was asked for arrives', async () => {
  const { page, complaints, login, looksRight } = await sitDown(open);
  await page.goto('/');
  await login('xiaoyu');
  await page.getByText('还没有订阅端点。').waitFor();
  await page.getByRole('button', { name: '新建端点…' }).click();
  const dialog = page.getByRole('dialog');
  const make = dialog.getByRole('button', { name: '新建', exact: false });
  await dialog.getByLabel('接收地址').fill('erp.example.com');
  await make.click();
  expect(await dialog.getByRole('alert').allInnerTexts()).toEqual(['请填写', '请填写以 https:// 或 http:// 开头的完整网址。']);
  expect(await faultsOfPage(page)).toEqual([]);

  await dialog.getByLabel('名称').fill('ERP');
  await dialog.getByLabel('接收地址').fill('http://169.254.169.254/latest');
  await make.click();
  await dialog.getByText('169.254.169.254').last().waitFor();
  await dialog.locator('.ant-btn-loading').waitFor({ state: 'detached' }); // it swallows clicks
  await dialog.getByLabel('接收地址').fill(erp.url);
  const shops = dialog.getByRole('group', { name: '哪些店铺' });
  await shops.getByLabel('只要选中的').check();
  await make.click();
  expect(await dialog.getByRole('alert').allInnerTexts()).toEqual(['请至少选一项。']);
  await shops.getByRole('combobox').fill('茶铺');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await dialog.getByLabel('从头：已有的全部变化先按序补发').check();
  expect(await faultsOfPage(page)).toEqual([]);
  await make.click();
  const secret = (await dialog.locator('.endpoint-secret').innerText()).trim();
  expect(secret).toMatch(/^whsec_/);
  expect(await faultsOfPage(page)).toEqual([]);

  erp.trust(secret);
  await dialog.getByRole('button', { name: '我已存好' }).click();
  await page.waitForURL('**/endpoints/*');
  await page.getByRole('heading', { name: 'ERP' }).waitFor();
  expect(await page.content()).not.toContain(secret);
  for (const shop of ['s2', 's1']) await open.house.send('POST', '/v1/orders', neutralOrder({ shop, channelOrderId: `of ${shop}` }));
  await waitUntil('the order of the shop that was chosen has arrived', () => erp.orders().size > 0);
  expect([...erp.orders().values()].map(({ shop }) => shop)).toEqual(['s1']);
  expect(erp.violations()).toEqual([]);
  await page.getByText('订单建立').first().waitFor({ timeout: MINUTE_MS });
  expect(await looksRight()).toEqual([]);

  // The receiver moves: what waits comes to its new place.
  await erp.close();
  const moved = await createSubscriber({ secret });
  await page.getByRole('button', { name: '修改…' }).click();
  expect(await dialog.getByLabel('接收地址').inputValue()).toBe(erp.url);
  await dialog.getByLabel('接收地址').fill(moved.url);
  expect(await faultsOfPage(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByText('已修改 ERP').waitFor();
  await page.getByText(moved.url).waitFor();
  await open.house.send('POST', '/v1/orders', neutralOrder({ shop: 's1', channelOrderId: 'after it moved' }));
  await waitUntil('it goes on there', () => moved.orders().size > 0);
  expect(moved.violations()).toEqual([]);
  await moved.close();
  expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);
});

test('whoever may not make one is not offered it', async () => {
  const { page, login } = await sitDown(open);
  await page.goto('/');
  await login('yunying');
  await page.getByText('ERP').first().waitFor();
  expect(await page.getByRole('button', { name: '新建端点…' }).count()).toBe(0);
});
