/** A channel does not take a tracking number; whoever keeps the orders finds out why, corrects it, and the letter is gone by itself. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsOfPage } from '../../tools/browser.ts';
import { FAKE, fakeAdapter } from '../support/fake-channel.ts';
import { neutralOrder } from '../support/index.ts';
import { hire, type Open, openAll, sitDown } from './person.ts';

const MINUTE_MS = 60_000;
const [SHOP, WRONG, RIGHT] = ['88', 'SF123', 'SF1000000019'] as const;
const stands: string[] = [];

let open: Open;
let orderKey: string;
beforeAll(async () => {
  const adapter = fakeAdapter({
    writeBack: {
      async tellShipped(_ask, _order, parcels) {
        if (parcels.some(({ trackingNumber }) => trackingNumber === WRONG))
          return { done: false, packIds: {}, cause: 'number_wrong', next: 'person' };
        stands.push(...parcels.map(({ trackingNumber }) => trackingNumber));
        return { done: true, packIds: {} };
      },
    },
  });
  open = await openAll({ adapters: [adapter] });
  await hire(open, 'yunying', 'operations');
  const { send } = open.house;
  const app = (await send('POST', '/v1/apps', { channel: FAKE, key: 'k', secret: 's', name: 'app' })).body.id;
  await send('POST', '/v1/shops', { channel: FAKE, shop: SHOP, name: '茶铺', app });
  const sold = neutralOrder({ channel: FAKE, shop: SHOP, channelOrderId: '1' });
  orderKey = (await send('POST', '/v1/orders', sold)).body.orderKey;
});
afterAll(() => open.close());

test('a number that the channel does not take: the letter says why and what to do, the order’s page does it, and the letter is gone', async () => {
  const { page, complaints, login, looksRight } = await sitDown(open);
  await page.goto('/dead-letters?direction=out');
  await login('yunying');
  await page.getByText('没有渠道不接受的变更。').waitFor();
  expect(await looksRight()).toEqual([]);

  await page.goto(`/orders/${orderKey}`);
  const parcels = page.locator('.card', { has: page.getByRole('heading', { name: '包裹' }) });
  const dialog = page.getByRole('dialog');
  const fill = async (carrier: string, number: string, go: string): Promise<void> => {
    await dialog.getByLabel('承运商代码').fill(carrier);
    await dialog.getByLabel('运单号').fill(number);
    await dialog.getByRole('button', { name: go }).click();
  };
  await parcels.getByRole('button', { name: '登记发货' }).click();
  await fill('SF', WRONG, '登记发货');
  await parcels.getByText(WRONG).waitFor();

  await page.getByRole('navigation').getByRole('link', { name: /死信/ }).first().click();
  const row = page.locator('tr.letter', { hasText: orderKey });
  await row.waitFor({ timeout: MINUTE_MS });
  expect(await row.innerText()).toContain('运单号或包裹在渠道不合规则');
  await row.locator('.col-cause').click();
  await page.getByText('核对面单上的运单号').waitFor();
  expect(await faultsOfPage(page)).toEqual([]);

  // Another try of the same changes nothing; the letter comes back and says so.
  await page.keyboard.press('Escape');
  await page.waitForResponse((response) => response.url().includes('/v1/dead-letters?')); // the next look takes the words away again
  await row.getByRole('button', { name: '再试' }).click();
  await row.getByText('已重新排队').waitFor();
  await page.goto(`/orders/${orderKey}`);
  await page.getByText('运单号或包裹在渠道不合规则').first().waitFor();

  await parcels.getByRole('button', { name: '更正运单号' }).click();
  await fill('SF', RIGHT, '更正');
  await parcels.getByText(`原运单号 ${WRONG}`).waitFor();
  await page.getByRole('navigation').getByRole('link', { name: /死信/ }).first().click();
  await page.getByText(/^没有死信|^没有渠道不接受的变更/).waitFor({ timeout: MINUTE_MS });
  expect(stands).toEqual([RIGHT]);
  expect(complaints).toEqual([]);
});
