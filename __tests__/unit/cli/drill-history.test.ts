import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { addDrill, readDrills } from '../../../src/cli/drill-history.ts';
import { drill } from '../../support/report-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'drills-'));
const file = join(folder, 'drills.ndjson');
afterEach(() => rmSync(file, { force: true }));

test('a drill is added to the file, which is made when it is not there', async () => {
  const [january, february] = [drill('2026-01-01T00:00:00Z', 'good'), drill('2026-02-01T00:00:00Z', 'failed')];
  expect(await readDrills(file)).toEqual([]);
  await addDrill(file, january);
  await addDrill(file, february);
  expect(await readDrills(file)).toEqual([january, february]);
  expect(readdirSync(folder)).toEqual(['drills.ndjson']);
});

test('a file that is no history is refused, and stays as it is', async () => {
  writeFileSync(file, 'a shopping list\n');
  await expect(addDrill(file, drill('2026-01-01T00:00:00Z', 'good'))).rejects.toThrow('Line 1 of drills.ndjson');
});
