import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';

/** Chromium of the machine; provision brings it. It runs as root in CI, where its sandbox cannot. */
export function openBrowser(): Promise<Browser> {
  return puppeteer.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A page, with whatever it says or asks for from the network. */
export interface Opened {
  page: Page;
  /** Errors and warnings of the console, exceptions, dialogs. */
  said: string[];
  /** Addresses that it asked for, but for itself. */
  asked: string[];
}

export interface Look {
  width: number;
  scheme: 'light' | 'dark';
  script?: boolean;
}

/** Opens a file as a person would: with this window and colour scheme. */
export async function openFile(
  browser: Browser,
  file: string,
  { width, scheme, script = true }: Look,
): Promise<Opened> {
  const page = await browser.newPage();
  const opened: Opened = { page, said: [], asked: [] };
  page.on('console', message => opened.said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', error => opened.said.push(String(error)));
  page.on('dialog', dialog => {
    opened.said.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', request => {
    if (request.url() !== `file://${file}`) opened.asked.push(request.url());
  });
  await page.setJavaScriptEnabled(script);
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(`file://${file}`);
  return opened;
}

/** What axe (dequelabs/axe-core) finds against WCAG 2.2 A and AA and its best practices, one line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    interface Violation {
      id: string;
      nodes: { target: string[]; failureSummary: string }[];
    }
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target} ${node.failureSummary}`));
  });
}
