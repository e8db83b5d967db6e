/** A real browser for screenshots and journeys, and what axe-core says of a page. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = [process.env['WEIR_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];
const HTML_SHOWN = 160;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function openBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined)
    throw new Error(
      '没有找到 Chromium：请执行 apt-get install chromium fonts-noto-cjk，或用 WEIR_CHROMIUM 指出它在哪里。 No Chromium: apt-get install chromium fonts-noto-cjk, or name it in WEIR_CHROMIUM',
    );
  return chromium.launch({ executablePath, args: ARGS });
}

/** One sentence for each rule of axe-core that the page breaks, and for a page that scrolls sideways. */
export async function faultsOfPage(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async (htmlShown) => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    const isWide = document.documentElement.scrollWidth > document.documentElement.clientWidth + 1;
    return [
      ...violations.map(({ id, help, nodes }) => `${id}: ${help} × ${nodes.length}: ${nodes[0]?.html.slice(0, htmlShown)}`),
      ...(isWide ? ['the page scrolls sideways'] : []),
    ];
  }, HTML_SHOWN);
}
