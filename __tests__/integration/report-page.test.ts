import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'puppeteer-core';
import { readPageTexts, reportPage } from '../../src/report/page/report-page.ts';
import { accessibilityFaults, openBrowser, openFile } from '../support/browser.ts';
import { reportModel } from '../support/report-model.ts';

let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), 'report-page-'));

beforeAll(async () => {
  browser = await openBrowser();
}, 60_000);
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

async function pageOf(paths: number): Promise<{ file: string; bytes: number }> {
  const file = join(folder, `${paths}.html`);
  const text = reportPage(await reportModel(paths), await readPageTexts());
  writeFileSync(file, text);
  return { file, bytes: Buffer.byteLength(text) };
}

const status = (page: Page) => page.$eval('#paths [role=status]', each => each.textContent);
const firstRow = (page: Page) => page.$eval('#paths tbody tr', each => each.textContent);

async function ready(page: Page): Promise<void> {
  await page.$eval('#paths', each => each.scrollIntoView());
  await page.waitForSelector('#paths[data-ready=true]');
}

describe.each([
  { width: 1100, scheme: 'light' },
  { width: 1100, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
] as const)('with $width pixels and $scheme colours', look => {
  test('it shows without a word, asks for nothing, and axe finds no fault', async () => {
    const { file } = await pageOf(50);
    const { page, said, asked } = await openFile(browser, file, look);
    await ready(page);
    await page.$$eval('details', all => {
      for (const each of all) each.open = true;
    });
    expect({ said, asked, faults: await accessibilityFaults(page) }).toEqual({ said: [], asked: [], faults: [] });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(look.width);
    // On a desk the short cells are not squeezed until their words break.
    const narrowest = await page.$$eval('td[data-label=What]', all => Math.min(...all.map(each => each.clientWidth)));
    expect(narrowest).toBeGreaterThanOrEqual(90);
    const picture = await page.screenshot();
    expect(picture.length).toBeGreaterThan(10_000);
    await page.close();
  }, 120_000);
});

test('each result of an analysis: then, now, how far apart, and how far it may be', async () => {
  const { file } = await pageOf(50);
  const { page } = await openFile(browser, file, { width: 1100, scheme: 'light' });
  const rows = await page.$$eval('table.results tbody tr', all =>
    all.map(each => [...each.children].map(cell => cell.textContent)),
  );
  expect(rows.slice(0, 2)).toEqual([
    [
      'output: lifetime',
      'within tolerance',
      '7.304215830712345',
      '7.304215830712351',
      '6.2e-15 (8.5e-16 of the value)',
      '1e-9 of the value',
    ],
    ['/srv/figure.png', 'differs', 'image 600x400', 'image 600x400', '31.0 % apart', '5.0 %'],
  ]);
  await page.close();
}, 60_000);

test('a chart that is wider than a phone shows the newest drills first', async () => {
  const { file } = await pageOf(50);
  const { page } = await openFile(browser, file, { width: 390, scheme: 'light' });
  const newest = await page.$eval('.history > :last-child', each => each.getBoundingClientRect().right);
  const oldest = await page.$eval('.history circle', each => each.getBoundingClientRect().left);
  expect([newest > 0 && newest <= 390, oldest < 0]).toEqual([true, true]);
  await page.close();
}, 60_000);

test('dark is dark and light is light', async () => {
  const { file } = await pageOf(50);
  const grounds = [];
  for (const scheme of ['light', 'dark'] as const) {
    const { page } = await openFile(browser, file, { width: 800, scheme });
    grounds.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
    await page.close();
  }
  expect(grounds).toEqual(['rgb(251, 251, 250)', 'rgb(19, 23, 27)']);
}, 60_000);

test('what hostile text says becomes no element, no style and no script', async () => {
  const { file } = await pageOf(50);
  const { page, said } = await openFile(browser, file, { width: 1100, scheme: 'light' });
  await ready(page);
  expect(
    await page.$$eval(
      'img, iframe, object, form, link, base, h1 *, td b, [style], [onclick], [onerror]',
      all => all.length,
    ),
  ).toBe(0);
  expect(await page.$$eval('script', all => all.length)).toBe(3);
  expect(said).toEqual([]);
  await page.close();
}, 60_000);

test('the content policy stops a script that got in all the same', async () => {
  const { file } = await pageOf(50);
  const { page, said } = await openFile(browser, file, { width: 1100, scheme: 'light' });
  await page.evaluate(() => {
    const intruder = document.createElement('div');
    intruder.innerHTML = '<img src="http://192.0.2.1/x" onerror="alert(1)">';
    document.body.append(intruder);
  });
  await new Promise(done => setTimeout(done, 200));
  expect(said.join('\n')).toMatch(/Content Security Policy/);
  expect(said.join('\n')).not.toMatch(/dialog/);
  await page.close();
}, 60_000);

test('half a million paths: the page stays small, and search, reasons and pages work by keyboard', async () => {
  const { file, bytes } = await pageOf(500_000);
  expect(bytes).toBeLessThan(9_000_000);
  const { page, said, asked } = await openFile(browser, file, { width: 390, scheme: 'dark' });
  await ready(page);
  expect(await status(page)).toBe('1 to 100 of 500,000 paths');
  expect(await page.$$eval('#paths tbody tr', rows => rows.length)).toBe(100);
  await page.focus('#paths [data-step="1"]');
  await page.keyboard.press('Enter');
  expect(await status(page)).toBe('101 to 200 of 500,000 paths');
  await page.focus('#paths input[type=search]');
  await page.keyboard.type('MEASURED-apsi.');
  await page.waitForFunction("document.querySelector('#paths [role=status]').textContent.startsWith('1 to 1 of 1')");
  expect(await firstRow(page)).toContain('measured-apsi.csv');
  await page.$eval('#paths input[type=search]', each => {
    (each as HTMLInputElement).value = '';
  });
  await page.select('#paths select', await page.$eval('#paths optgroup[label=Left] option', each => each.value));
  expect(await status(page)).toBe('1 to 100 of 50,000 paths');
  expect({ said, asked, faults: await accessibilityFaults(page) }).toEqual({ said: [], asked: [], faults: [] });
  await page.close();
  const desk = await openFile(browser, file, { width: 1100, scheme: 'light' });
  await ready(desk.page);
  expect({ said: desk.said, faults: await accessibilityFaults(desk.page) }).toEqual({ said: [], faults: [] });
  await desk.page.close();
}, 180_000);

test('without scripts there are the first paths, and no control that does nothing', async () => {
  const { file } = await pageOf(500);
  const { page } = await openFile(browser, file, { width: 1100, scheme: 'light', script: false });
  expect(await page.$$('#paths tbody tr')).toHaveLength(100);
  expect(await status(page)).toBe('1 to 100 of 500 paths');
  const controls = await page.$$('input, select, button');
  expect(await Promise.all(controls.map(each => each.isVisible()))).toEqual(controls.map(() => false));
  await page.close();
}, 60_000);
