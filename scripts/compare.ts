/*
 * npm run compare [-- --only samba,apache --out docs/comparison.md --keep FOLDER]
 *
 * Brings every case back on trixie by the paper's procedure, by install-then-overlay, and by Perennial in both orders, and writes
 * the table of docs/comparison.md with figures of this run. `--keep` leaves the bags and reports in a folder.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CASES, type Case, removeMade, smokeLines, startOld } from './compare/case.ts';
import { comparisonText, type Row } from './compare/comparison-text.ts';
import {
  archiveAsPaper,
  archiveAsPerennial,
  archiveOverlay,
  type Kept,
  type Restored,
  restoreAsPerennial,
  restoreByHand,
} from './compare/ways.ts';
import { sameLines } from './demo/smoke-lines.ts';
import { ROOT, WORK } from './provision/paths.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, out: { type: 'string' }, keep: { type: 'string' } },
});
const folder = values.keep ?? join(WORK, 'compare');
const wanted = values.only?.split(',');
const rows: Row[] = [];

function askLines(service: Case, golden: string[], container: string | undefined) {
  return sameLines(golden, container ? smokeLines(service, container) : []);
}

async function compareCase(service: Case): Promise<void> {
  const own = join(folder, service.name);
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  removeMade(service);
  const { container, golden } = startOld(service);
  writeFileSync(join(own, 'golden.txt'), `${golden.join('\n')}\n`);
  const overlay = archiveOverlay(container, own);
  const paper = archiveAsPaper(container, own);
  const bag = await archiveAsPerennial(service, container, own);
  removeMade(service, 'old');
  const judge = (way: string, shown: string, kept: Kept, restore: () => Restored) => {
    const restored = restore();
    let { count, differences } = askLines(service, golden, restored.container);
    // A busy machine makes clients time out: only what differs twice differs.
    if (differences.length > 0) ({ count, differences } = askLines(service, golden, restored.container));
    writeFileSync(join(own, `${way}.diff`), `${differences.join('\n')}\n`);
    const { seconds, note } = restored;
    rows.push({
      service: service.name,
      way: shown,
      bytes: kept.bytes,
      seconds,
      same: count,
      lines: golden.length,
      note,
    });
    console.log(JSON.stringify(rows.at(-1)));
    removeMade(service, way);
  };
  for (const order of ['auto', 'state-first'])
    judge(order, order === 'auto' ? 'Perennial' : `Perennial, ${order}`, bag, () =>
      restoreAsPerennial(service, bag, own, order),
    );
  judge('paper', 'paper', paper, () => restoreByHand(service, paper, own, 'paper'));
  judge('overlay', 'overlay', overlay, () => restoreByHand(service, overlay, own, 'overlay'));
}

const cases = CASES.filter(each => wanted?.includes(each.name) ?? true);
try {
  for (const service of cases) await compareCase(service);
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(values.out ?? join(ROOT, 'docs/comparison.md'), comparisonText(rows, day));
} finally {
  for (const service of cases) removeMade(service);
  if (!values.keep) rmSync(folder, { recursive: true, force: true });
}
