/*
 * npm run demo [-- --keep]
 *
 * A Samba server of Debian bullseye is operated, decommissioned into a few kilobytes, destroyed, and answers the same
 * questions again on Debian trixie; the procedure of the 2016 paper and a saved image do the same beside it. All figures
 * at the end were measured in this run. Exit 0 when every answer came back, 1 when not, 2 when something is missing that
 * only root can provide. Everything that it made is removed, unless --keep leaves the restored service running.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { demoTable, type Outcome } from './demo/demo-table.ts';
import { NEW, removeEverything, removeOriginal, startOperation, startOriginal } from './demo/old-service.ts';
import { archiveWithPerennial, restoreWithPerennial, takeBaseline } from './demo/perennial-way.ts';
import { restoreSavedImage, saveImage } from './demo/saved-image-way.ts';
import { sameLines, smokeLines } from './demo/smoke-lines.ts';
import { chapter, say, show } from './demo/story.ts';
import { archiveAsInPaper, restoreAsInPaper } from './paper-procedure.ts';
import { WORK } from './provision/paths.ts';
import { MissingError, provision } from './provision/provision.ts';

const FOLDER = join(WORK, 'demo');

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
  await provision({ engine: true, bases: ['bullseye', 'trixie'], tools: ['smbclient', 'zstd'] }, say);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  removeEverything({ keepRestored: false });
  let succeeded = false;
  process.once('SIGINT', () => say('interrupted: cleaning up')); // the programs under us end; then finally runs
  try {
    succeeded = await tell();
    return succeeded ? 0 : 1;
  } finally {
    removeEverything({ keepRestored: values.keep && succeeded });
    rmSync(FOLDER, { recursive: true, force: true });
    say(values.keep && succeeded ? `The restored service runs on: docker exec -it ${NEW} bash` : 'Removed all of it.');
  }
}

/** The story from beginning to end; true when the restored service answers as the original did. */
async function tell(): Promise<boolean> {
  chapter('A Samba server on Debian bullseye, and some years of operation');
  const original = await startOriginal();
  await takeBaseline(FOLDER);
  await startOperation();
  const golden = smokeLines(original.container);
  say('what clients see:');
  show(golden);

  chapter('Decommission: three ways to keep it');
  const kept = await archiveWithPerennial(original.container, FOLDER);
  const paper = await archiveAsInPaper(original.container, FOLDER);
  const saved = await saveImage(original.container, FOLDER);

  chapter('The end of the original');
  await removeOriginal();

  chapter('Years later, on Debian trixie: Perennial');
  const outcomes: Outcome[] = [];
  outcomes.push(await judge(golden, kept, () => restoreWithPerennial(kept, FOLDER)));
  chapter('The same with the procedure of the paper');
  outcomes.push(await judge(golden, paper, () => restoreAsInPaper(paper, FOLDER)));
  chapter('The same with the saved image');
  outcomes.push(await judge(golden, saved, () => restoreSavedImage(saved)));

  chapter('Figures of this run');
  show(demoTable(original, outcomes, golden.length));
  const back = outcomes[0]!.same;
  show(['', `The saved image gives the same answers out of ${outcomes[2]!.system}: it got no update since the end.`]);
  say(back ? 'The service is back: every answer is the same.' : 'The service did NOT come back as it was.');
  return back;
}

/** Restores in one way, asks the result what clients ask, and shows how the answers differ from the original's. */
async function judge(
  golden: string[],
  archived: { name: string; bytes: number; detectSeconds: number | undefined },
  restore: () => Promise<{ container: string; system: string; seconds: number; note?: string }>,
): Promise<Outcome> {
  const restored = await restore();
  const lines = smokeLines(restored.container);
  const { count, differences } = sameLines(golden, lines);
  const same = differences.length === 0;
  say(`${restored.system}: ${count} of ${golden.length} lines as before${same ? '' : '; - then, + now:'}`);
  show(same ? lines.map(line => `= ${line}`) : differences);
  return { ...archived, ...restored, lines: count, same };
}

process.exitCode = await main().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  if (!(error instanceof MissingError)) return 1;
  console.error('Run the demo as root on Debian or Ubuntu, which provides these, or install them yourself.');
  return 2;
});
