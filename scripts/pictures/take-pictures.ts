import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, openFile } from '../../__tests__/support/browser.ts';

/** Bytes; a README should open on a slow line. */
const MOST_BYTES = 300_000;
/** CSS pixels: what of a page is shown. */
const WINDOW = { width: 1000, height: 1250 };

/**
 * Takes each page in light and in dark colours: `NAME-light.png`, `NAME-dark.png` in `folder`.
 * @param pages name -> HTML file
 * @returns the files
 * @throws Error when a picture is too large
 */
export async function takePictures(pages: Record<string, string>, folder: string): Promise<string[]> {
  const browser = await openBrowser();
  const files: string[] = [];
  mkdirSync(folder, { recursive: true });
  try {
    for (const [name, page] of Object.entries(pages))
      for (const scheme of ['light', 'dark'] as const) {
        const opened = await openFile(browser, page, { width: WINDOW.width, scheme });
        await opened.page.setViewport({ ...WINDOW, deviceScaleFactor: 1.5 });
        const file = join(folder, `${name}-${scheme}.png`);
        writeFileSync(file, await opened.page.screenshot());
        await opened.page.close();
        files.push(file);
      }
  } finally {
    await browser.close();
  }
  const large = files.filter(file => statSync(file).size > MOST_BYTES);
  if (large.length > 0) throw new Error(`More than ${MOST_BYTES} bytes: ${large.join(', ')}`);
  return files;
}
