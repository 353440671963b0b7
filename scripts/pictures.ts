/*
 * npm run pictures
 *
 * Makes the pictures of the README (docs/pictures) from a real run: the Samba example is operated on Debian bullseye, archived
 * and restored on Debian trixie by the restore action, as a runner would start it; Chromium takes the action's job summary and
 * its report page, light and dark. Exit 0 when all pictures were written. Everything else that it made is removed.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { NEW, removeEverything, startOperation, startOriginal } from './demo/old-service.ts';
import { archiveWithPerennial, takeBaseline } from './demo/perennial-way.ts';
import { say } from './demo/story.ts';
import { restoreAsAction } from './pictures/restore-as-action.ts';
import { summaryPage } from './pictures/summary-page.ts';
import { takePictures } from './pictures/take-pictures.ts';
import { ROOT, WORK } from './provision/paths.ts';
import { provision } from './provision/provision.ts';

const FOLDER = join(WORK, 'pictures');

await provision({ engine: true, bases: ['bullseye', 'trixie'], tools: ['smbclient', 'chromium', 'emoji'] }, say);
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
removeEverything({ keepRestored: false });
try {
  const original = await startOriginal();
  await takeBaseline(FOLDER);
  await startOperation();
  const kept = await archiveWithPerennial(original.container, FOLDER);
  const restored = restoreAsAction(basename(kept.file), NEW, FOLDER);
  const pages = {
    summary: summaryPage(readFileSync(restored.summary, 'utf8'), FOLDER),
    report: join(restored.report, 'index.html'),
  };
  for (const file of await takePictures(pages, join(ROOT, 'docs/pictures'))) say(file);
} finally {
  removeEverything({ keepRestored: false });
  rmSync(FOLDER, { recursive: true, force: true });
}
