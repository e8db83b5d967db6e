/** What ends while somebody works: a session in the middle of a form, an answer that comes after Cancel, the line to the server. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsOfPage } from '../../tools/browser.ts';
import { neutralOrder } from '../support/index.ts';
import { hire, type Open, openAll, sitDown } from './person.ts';

const FULL_PHONE = '13800138000';
let open: Open;
let orderKey: string;
beforeAll(async () => {
  open = await openAll();
  await hire(open, 'xiaoyu', 'admin');
  await hire(open, 'kefu', 'customer_service');
  orderKey = (await open.house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'session-1' }))).body.orderKey;
});
afterAll(() => open.close());

test('a session that ends in the middle of a form: one logs in over it, and what was typed goes on', async () => {
  const { page, complaints, login } = await sitDown(open);
  await page.goto(`/orders/${orderKey}`);
  await login('xiaoyu');
  await page.getByRole('button', { name: '挂起', exact: true }).click();
  expect(await page.title()).toBe(`${orderKey} · 堰 Weir`);
  const form = page.getByRole('dialog', { name: `挂起 ${orderKey}` });
  await form.getByLabel('为什么挂起').fill('等买家确认颜色');
  await page.mouse.click(5, 400); // beside it: nothing is lost
  // In the middle of the request, or a look that the page takes by itself might hear of it first.
  const ended = async (): Promise<unknown> => open.house.house.db.query('delete from sessions');
  await page.route('**/*:hold', async (route) => (await ended(), route.continue()), { times: 1 });
  await form.locator('.ant-btn-primary').click();
  await page.getByRole('dialog', { name: '请重新登录' }).waitFor();
  expect(await faultsOfPage(page)).toEqual([]);
  await login('xiaoyu');
  await page.getByRole('dialog', { name: '请重新登录' }).waitFor({ state: 'detached' });
  expect(await form.getByLabel('为什么挂起').inputValue()).toBe('等买家确认颜色');
  await form.locator('.ant-btn-primary').click();
  await page.getByRole('button', { name: '解除挂起' }).waitFor();
  expect((await open.house.send('GET', `/v1/orders/${orderKey}`)).body.holds).toHaveLength(1);
  expect(complaints).toEqual([]);
});

test('personal data that comes after Cancel is shown nowhere', async () => {
  const { page, login } = await sitDown(open);
  await page.goto(`/orders/${orderKey}`);
  await login('xiaoyu');
  const answered = Promise.withResolvers<void>();
  await page.route('**/*:reveal', async (route) => {
    await answered.promise;
    await route.continue();
  });
  await page.getByRole('button', { name: '查看…' }).click();
  await page.getByLabel('收货人手机号').check();
  await page.getByLabel('联系买家').check();
  await page.getByRole('button', { name: '查看 30 秒' }).click();
  await page.locator('.ant-modal-footer').getByRole('button', { name: '取消' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  const came = page.waitForResponse('**/*:reveal');
  answered.resolve();
  expect((await came).status()).toBe(200);
  await page.getByRole('button', { name: '查看…' }).click(); // a while later, with the answer worked
  expect(await page.locator('.revealed').count()).toBe(0);
  expect(await page.content()).not.toContain(FULL_PHONE);
});

test('customer service is offered nothing that it would be refused', async () => {
  const { page, complaints, login } = await sitDown(open);
  await page.goto(`/orders/${orderKey}`);
  await login('kefu');
  await page.locator('.timeline li').first().waitFor();
  expect(await page.getByRole('button', { name: /^(挂起|取消订单|改地址|解除挂起)$/ }).count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('an order that came while nobody was told is not called live: the list says so and waits', async () => {
  const { page, login } = await sitDown(open);
  await page.goto('/orders');
  await login('xiaoyu');
  await page.locator('.orders tbody tr').first().waitFor();
  await page.getByText('实时', { exact: true }).waitFor();
  const before = await page.locator('.as-of').first().innerText();
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.context().setOffline(true);
  open.house.house.app.server.closeAllConnections();
  await page.locator('.live-connecting, .live-down').waitFor();
  await page.locator('.as-of.stale').waitFor({ timeout: 20_000 });
  expect(await page.locator('.as-of').first().innerText()).toContain(before.replace('数据截至 ', ''));
  await open.house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'session-2' }));
  await page.context().setOffline(false);
  await page.getByText('实时', { exact: true }).waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: '可能有没通知到的变化' }).click();
  await page.locator('.orders tbody tr').nth(1).waitFor();
  await page.getByRole('button', { name: '可能有没通知到的变化' }).waitFor({ state: 'detached' });
});
