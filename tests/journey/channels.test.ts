/** An administrator connects a shop and watches it flow; somebody from operations sees what the matrix lets her see. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsOfPage } from '../../tools/browser.ts';
import { FAKE, fakeAdapter } from '../support/fake-channel.ts';
import { hire, type Open, openAll, sitDown } from './person.ts';

const MINUTE_MS = 60_000;
const SECRETS = ['a-secret-of-the-app', '-----BEGIN PRIVATE KEY-----', 'the-code-of-the-seller'] as const;
const replies = { taken: { status: 200, body: '' }, refused: { status: 403, body: '' }, later: { status: 503, body: '' } };

let open: Open;
beforeAll(async () => {
  const adapter = fakeAdapter({
    settings: [{ name: 'privateKey', isRequired: true, zh: '商户私钥（PEM）', en: 'the private key (PEM)', form: 'lines' }],
    consentCode: 'needed',
    door: { replies, open: () => ({ kind: 'refused' }) },
  });
  open = await openAll({ adapters: [adapter] });
  await hire(open, 'xiaoyu', 'admin');
  await hire(open, 'yunying', 'operations');
});
afterAll(() => open.close());

test('a shop is connected in the browser: what is missing is said at its field, what comes next in plain words, and the row flows', async () => {
  const { page, complaints, login, looksRight } = await sitDown(open);
  await page.goto('/channels');
  await login('xiaoyu');
  await page.getByText('还没有接入任何店铺。').waitFor();
  await page.getByText('npx weir sandbox --connect').waitFor();
  expect(await looksRight()).toEqual([]);

  await page.getByRole('button', { name: '接入店铺…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('渠道', { exact: true }).selectOption(FAKE);
  await dialog.getByLabel('App Key / AppID').fill('k-1');
  await dialog.getByRole('button', { name: '接入', exact: false }).click();
  expect(await dialog.getByRole('alert').allInnerTexts()).toEqual(['请填写', '请填写', '请填写', '请填写']);
  expect(await faultsOfPage(page)).toEqual([]);

  await dialog.getByLabel('App Secret').fill(SECRETS[0]);
  await dialog.getByLabel('商户私钥（PEM）').fill(SECRETS[1]);
  await dialog.getByLabel('店铺编号').fill('88');
  await dialog.getByLabel('店铺名称（可不填）').fill('茶铺');
  await dialog.getByLabel('授权码（code）').fill(SECRETS[2]);
  await dialog.getByRole('button', { name: '接入', exact: false }).click();
  await dialog.getByText('茶铺 已接入').waitFor();
  const [app] = (await open.house.send('GET', '/v1/apps')).body.items;
  await dialog.getByText(`${open.url}${app.pushPath}`).waitFor();
  await dialog.getByText('首次拉取在一分钟内开始').waitFor();
  expect(await faultsOfPage(page)).toEqual([]);

  await dialog.getByRole('button', { name: '查看这家店铺' }).click();
  await page.locator('.shop-drawer').getByText('privateKey').waitFor();
  await page.locator('.shop-drawer').getByText('正常').waitFor({ timeout: MINUTE_MS });
  await page.getByRole('button', { name: '补拉…' }).click();
  await page.getByRole('button', { name: '开始补拉' }).click();
  await page.locator('.backfills').getByText('已完成').waitFor({ timeout: MINUTE_MS });
  await page.getByRole('button', { name: '改名…' }).click();
  const renaming = page.getByRole('dialog', { name: '给 茶铺 改名' });
  await renaming.getByLabel('店铺名称').fill('  ');
  await renaming.getByRole('button', { name: '保存名称' }).click();
  expect(await renaming.getByRole('alert').allInnerTexts()).toEqual(['请填写']);
  await renaming.getByLabel('店铺名称').fill('春茶铺');
  await page.keyboard.press('Enter');
  await page.locator('.shop-drawer').getByText('春茶铺').waitFor();
  await page.locator('.shop-drawer').getByText('正常').waitFor();
  expect((await open.house.send('GET', '/v1/shops')).body.items).toMatchObject([{ shop: '88', name: '春茶铺', app: app.id }]);
  expect(await faultsOfPage(page)).toEqual([]);
  for (const secret of SECRETS) expect(await page.content()).not.toContain(secret);
  expect(complaints).toEqual([]);
});

test('operations sees the shop, starts back-fills, is told that the app is closed to her, and is not offered to connect', async () => {
  const { page, complaints, login } = await sitDown(open);
  await page.goto(`/channels?open=${encodeURIComponent(`${FAKE}/88`)}`);
  await login('yunying');
  const drawer = page.locator('.shop-drawer');
  await drawer.getByText('你的角色看不到应用、推送地址和连接情况').waitFor();
  await drawer.getByRole('button', { name: '补拉…' }).waitFor();
  expect(await page.getByRole('button', { name: /接入店铺|重新授权|更换密钥|改名/ }).count()).toBe(0);
  expect(await faultsOfPage(page)).toEqual([]);
  expect(complaints).toEqual([]);
});
