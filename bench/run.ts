/*
 * npm run bench [-- --rounds 7 --files 200000 --no-samba]
 *
 * Prints Markdown tables of medians and ratios, all taken in this run: trust the ratios, not the seconds. `--files 0` leaves
 * the table of many files out, `--no-samba` all the others.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { WORK } from '../scripts/provision/paths.ts';
import { carryContenders, imageBytes, writeContenders, writeOnce } from './carry.ts';
import { archiveOnce, detectContenders, detectOnce, takeBaseline } from './detect.ts';
import { compare, table } from './harness.ts';
import { largeBag, verifyContenders } from './keep.ts';
import { makeSmallFiles, startManyFiles } from './many-files.ts';
import { removeRestoreImage, restoreContenders } from './restore.ts';
import { removeContainer, startSambaContainer } from './samba-container.ts';

const SAMBA = 'perennial-bench-samba';
const MANY = 'perennial-bench-many';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    files: { type: 'string', default: '200000' },
    samba: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const rounds = Number(values.rounds);
const files = Number(values.files);
const folder = join(WORK, 'bench');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

/** What else the machine does: with more than it has cores, ratios of what runs on two at once say little. */
function load(): string {
  return `${new Date().toISOString().slice(0, 10)}, load ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} cores`;
}

async function smallService(): Promise<void> {
  const baseline = join(folder, 'baseline');
  const container = startSambaContainer(SAMBA, () => takeBaseline(SAMBA, baseline));
  console.log(
    table('Finding what changed, Samba', await compare(detectContenders(container, baseline), rounds), 'bytes'),
  );
  const few = Math.min(rounds, 3);
  console.log(table('Carrying it away', await compare(carryContenders(container, baseline, folder), few), 'bytes'));
  console.log(`The image has ${imageBytes(container)} bytes.\n`);
  console.log(table('Writing /usr', await compare(writeContenders(container, '/usr', folder), few), 'bytes'));
  makeSmallFiles(container, '/small', 20);
  const small = await compare(writeContenders(container, '/small', folder), few);
  console.log(table('Writing 19,800 files of 4 KB', small, 'bytes'));
  const restored = await compare(restoreContenders(join(folder, 'bag'), folder), few);
  console.log(table('Bringing it back on trixie', restored));
  const [build, same, restore] = restored.map(each => each.median) as [number, number, number];
  console.log(
    `A restore adds ${(restore - same).toFixed(1)} s to the build of the same packages, ${(restore - build).toFixed(1)} s to that of the example (${load()}).\n`,
  );
  const { bytes, megabytes } = writeOnce(container, '/usr', folder);
  console.log(`The payload has ${bytes} bytes; writing it held ${megabytes} MB of memory.\n`);
  const bag = largeBag(container, 1000, folder);
  console.log(table('Verifying a bag of 1 GB', await compare(verifyContenders(bag), few), 'bytes'));
}

async function manyFiles(): Promise<void> {
  const container = startManyFiles(MANY, files);
  const baseline = join(folder, 'baseline-many');
  takeBaseline(container, baseline);
  const measured = await compare(detectContenders(container, baseline, ['/', '/data']), Math.min(rounds, 3));
  console.log(table(`Finding what changed, ${files} files, half of them in a volume`, measured, 'bytes'));
  const { cpu, megabytes } = detectOnce(container, baseline);
  const ratio = measured[2]!.ratio.toFixed(2);
  console.log(
    `Detection of ${files} files: ${ratio} times find -newer; ${cpu.toFixed(1)} s of computing, ${megabytes} MB (${load()}).\n`,
  );
  const whole = archiveOnce(container, join(folder, 'bag-many'));
  console.log(`Decommission of ${files} files: ${whole.seconds.toFixed(1)} s, ${whole.megabytes} MB (${load()}).\n`);
}

try {
  if (values.samba) await smallService();
  if (files > 0) await manyFiles();
} finally {
  for (const name of [SAMBA, MANY]) removeContainer(name);
  removeRestoreImage();
  rmSync(folder, { recursive: true, force: true });
}
