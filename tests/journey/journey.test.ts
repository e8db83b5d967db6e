import { faultsOfPage } from '../../tools/browser.ts';
import { createShop } from '@weir/sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN, neutralOrder } from '../support/index.ts';
import { hire, type Open, openAll, type Person, sitDown } from './person.ts';

const MINUTE_MS = 60_000;
const SHOP = { channel: 'sandbox', shop: 'demo' } as const;
const CHANGES = 30;
const FIRST_LOAD_BYTES = 350_000;
/** Newer than anything that the simulated shop sells, so that these stand first in the list. */
const soon = (minutes: number): string => new Date(Date.now() + minutes * MINUTE_MS).toISOString();
const FULL_PHONE = '13800138000';

let open: Open;
let somebody: Person;
beforeAll(async () => {
  open = await openAll();
  await hire(open, 'xiaoyu', 'admin');
  await hire(open, 'kefu', 'customer_service');
  await open.house.send('POST', '/v1/shops', { ...SHOP, name: '模拟旗舰店' });
  const shop = createShop({ baseUrl: open.url, token: ADMIN, ...SHOP, seed: 7, ratePerSecond: 0 });
  for (let n = 0; n < CHANGES; n++) await shop.step();
  await open.house.send('POST', '/v1/orders', sold('known-1'));
  await open.house.send('POST', '/v1/orders', sold('broken', { payable: '115.00', paid: '115.00', payments: undefined }));
  somebody = await sitDown(open);
});
afterAll(() => open.close());

function sold(channelOrderId: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const at = soon(5);
  const payments = [{ id: 'p1', amount: '114.00', at, kind: 'full' }];
  return neutralOrder({ ...SHOP, channelOrderId, placedAt: at, paidAt: at, modifiedAt: at, payments, ...more });
}

test('a person works through a morning: counts, list, order, receiver, hold, review, live changes, and leaves', async () => {
  const { page, complaints, login, looksRight } = somebody;
  const keyOf = async (channelOrderId: string): Promise<string> =>
    (await open.house.send('GET', `/v1/orders?channelOrderId=${channelOrderId}`)).body.items[0].orderKey;
  const [known, broken] = [await keyOf('known-1'), await keyOf('broken')];

  // A page that was asked for before the login is where the login leads.
  await page.goto('/orders?status=paid');
  await page.getByText('请先登录，然后回到你要看的页面。').waitFor();
  expect(await looksRight()).toEqual([]);
  await login('xiaoyu');
  await page.locator('.orders tbody tr').first().waitFor();
  expect(new URL(page.url()).searchParams.get('status')).toBe('paid');

  // Every number opens the list that it counts.
  await page.getByRole('link', { name: '总览' }).click();
  const paid = page.locator('.statuses a', { hasText: '已付款' });
  await paid.waitFor();
  expect(await looksRight()).toEqual([]);
  const shown = await paid.locator('b').innerText();
  expect(Number(shown)).toBeGreaterThan(1);
  await paid.click();
  await page.locator('.list-count', { hasText: `共 ${shown} 条` }).waitFor();
  expect(await page.locator('.orders tbody tr').count()).toBe(Number(shown));

  // A filter is a chip and stands in the address; taking the chip away takes it out.
  await page.getByLabel('渠道', { exact: true }).selectOption('sandbox');
  await page.getByRole('button', { name: '去掉条件「模拟店铺」' }).waitFor();
  expect(new URL(page.url()).search).toBe('?status=paid&channel=sandbox');
  expect(await looksRight()).toEqual([]);

  // j, Enter: the order beside its list, without the mouse.
  await page.locator(`a[data-row="${known}"]`).waitFor();
  await page.locator('.list-count').click();
  await page.keyboard.press('j');
  expect(await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['row'])).toBe(known);
  await page.keyboard.press('Enter');
  await page.locator('.panel h1', { hasText: known }).waitFor();
  await page.locator('.panel .timeline li').first().waitFor();
  expect(await looksRight()).toEqual([]);
  await page.getByRole('link', { name: '打开整页' }).click();
  await page.waitForURL(`**/orders/${known}`);
  await page.locator('.money .total', { hasText: '相加一致' }).waitFor();

  // The message stands beside what was read in it, without anybody's data.
  await page
    .locator('.timeline')
    .getByRole('button', { name: /^消息 \d+$/ })
    .first()
    .click();
  await page.locator('.raw-message pre', { hasText: '"channelOrderId": "known-1"' }).waitFor();
  expect(await page.content()).not.toContain(FULL_PHONE);
  expect(await looksRight()).toEqual([]);

  // The receiver: for a purpose, for a while, and masked again.
  await page.getByRole('button', { name: '查看…' }).click();
  await page.getByLabel('收货人手机号').check();
  await page.getByLabel('联系买家').check();
  await page.getByRole('button', { name: '查看 30 秒' }).click();
  await page.locator('.revealed', { hasText: FULL_PHONE }).waitFor();
  await page.getByRole('button', { name: '现在隐藏' }).click();
  await page.getByText('138****8000').first().waitFor();
  expect(await page.content()).not.toContain(FULL_PHONE);

  // Hold, with a reason; and release.
  await page.getByRole('button', { name: '挂起', exact: true }).click();
  await page.getByLabel('为什么挂起').fill('等买家确认颜色');
  await page.locator('.ant-modal-footer .ant-btn-primary').click();
  await page.getByRole('button', { name: '解除挂起' }).click();
  await page.getByText('没有挂起。').waitFor();
  expect((await open.house.send('GET', `/v1/orders/${known}`)).body.holds).toEqual([]);

  // A parcel leaves; its number was typed wrongly, and is corrected.
  const parcels = page.locator('.card', { has: page.getByRole('heading', { name: '包裹' }) });
  await parcels.getByRole('button', { name: '登记发货' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '登记发货' }).click();
  expect(await dialog.locator('.tone-bad').allInnerTexts()).toEqual(['请填写', '请填写']);
  await dialog.getByLabel('承运商代码').fill('shunfeng');
  await dialog.getByLabel('运单号').fill('SF1000000010');
  expect(await faultsOfPage(page)).toEqual([]);
  await dialog.getByRole('button', { name: '登记发货' }).click();
  await parcels.getByText('SF1000000010').waitFor();
  await parcels.getByRole('button', { name: '更正运单号' }).click();
  await dialog.getByRole('button', { name: '更正' }).click();
  await dialog.getByText('和现在一样').waitFor();
  await dialog.getByLabel('运单号').fill('SF1000000019');
  await dialog.getByRole('button', { name: '更正' }).click();
  await parcels.getByText('原运单号 SF1000000010').waitFor();
  expect((await open.house.send('GET', `/v1/orders/${known}`)).body).toMatchObject({
    status: 'shipped',
    shipments: [{ own: true, carrier: 'shunfeng', trackingNumber: 'SF1000000019', former: ['SF1000000010'] }],
  });

  // A review: see the fault, correct it, preview, send; the order goes on.
  await page.getByRole('link', { name: /复核/ }).click();
  await page.locator('.review-row', { hasText: broken }).click();
  const values = page.getByLabel('新值');
  expect(await looksRight()).toEqual([]);
  await values.first().fill('114.00');
  await page.getByRole('button', { name: '再改一处' }).click();
  await page.getByLabel('位置').last().fill('/paid');
  await values.last().fill('114.00');
  await page.getByRole('button', { name: '预览' }).click();
  await page.locator('.changes-table').waitFor();
  await page.locator('.fix .ant-btn-primary').click();
  await page.getByText('没有等待复核的消息。').waitFor();
  expect((await open.house.send('GET', `/v1/orders/${broken}`)).body).toMatchObject({ status: 'paid', holds: [], payable: '114.00' });

  // What happens elsewhere is seen at once, and moves nothing under the cursor.
  await page.getByRole('link', { name: '订单' }).click();
  await page.locator('.orders tbody tr').first().waitFor();
  const before = await page.locator('.orders tbody tr').count();
  await page.getByText('实时', { exact: true }).waitFor();
  await open.house.send('POST', '/v1/orders', sold('newcomer', { placedAt: soon(30), receiver: { name: '李四', phone: '13700137000' } }));
  const bar = page.getByRole('button', { name: /1 条新订单/ });
  await bar.waitFor();
  expect(await page.locator('.orders tbody tr').count()).toBe(before);
  await bar.click();
  await page.locator(`a[data-row="${await keyOf('newcomer')}"]`).waitFor();

  // The search box finds a platform's id, our key, a parcel's number and a whole phone, however typed, and goes straight there.
  for (const [typed, found] of [
    ['known-1', known],
    [broken, broken],
    ['SF1000000019', known],
    ['+86 137-0013-7000', await keyOf('newcomer')],
  ] as const) {
    await page.keyboard.press('/');
    await page.keyboard.type(typed);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/orders/${found}`);
    await page.locator('h1', { hasText: found }).waitFor();
    expect(page.url()).not.toMatch(/137/);
  }

  await page.goto(`/orders/${known}`);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('link', { name: 'Orders' }).waitFor();
  expect(await page.locator('.order').innerText()).not.toMatch(/付款|时间线|金额/);
  expect(await looksRight()).toEqual([]);
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.waitForURL('**/login');
  await page.goto(`/orders/${known}`);
  await page.waitForURL('**/login?*');
  expect(complaints).toEqual([]);
});

test('customer service sees an order masked, and is offered only what it may open', async () => {
  const { page, complaints, login } = await sitDown(open);
  await page.goto('/orders?channelOrderId=known-1');
  await login('kefu');
  await page.locator('.orders tbody a').first().click();
  await page.locator('.panel .person-facts', { hasText: '138****8000' }).waitFor();
  await page.locator('.panel .timeline li').first().waitFor();
  expect(await page.getByRole('button', { name: /^消息 \d+$/ }).count()).toBe(0);
  await page.getByRole('button', { name: '查看…' }).click();
  await page.getByLabel('收货人姓名').waitFor();
  expect(await page.locator('.ant-modal').getByRole('checkbox').count()).toBe(2);
  expect(await page.content()).not.toMatch(new RegExp(`${FULL_PHONE}|张三丰|科苑路`));
  expect(complaints).toEqual([]);
});

test('the overview stands after at most 350 kB', async () => {
  const { page, login } = await sitDown(open);
  const loaded: Promise<number>[] = [];
  page.on('requestfinished', (request) => loaded.push(request.sizes().then(({ responseBodySize }) => responseBodySize)));
  await page.goto('/');
  await login('xiaoyu');
  await page.locator('.statuses').waitFor();
  const bytes = (await Promise.all(loaded)).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
});
