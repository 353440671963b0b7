import { expect, test } from '@jest/globals';
import { readServices } from '../../../src/knowledge/read-services.ts';
import { selectDifferences, versionsThen } from '../../../src/plan/select-differences.ts';
import type { InstalledPackage } from '../../../src/system/system-facts.ts';

const old = [
  { name: 'slurmctld', version: '20.11.4-2' },
  { name: 'pdns-server', version: '4.4.1-1' },
] as InstalledPackage[];

test('on the same release nothing is mended, or refused, that a newer version brings', async () => {
  const services = (await readServices()).filter(each => ['slurm', 'powerdns'].includes(each.id));
  const ids = (newVersion: (name: string) => string | undefined) =>
    selectDifferences(services, old, newVersion).map(each => `${each.service}/${each.difference.id}`);
  expect(ids(versionsThen(old))).toEqual([]);
  expect(ids(() => '99')).toEqual(expect.arrayContaining(['slurm/state-too-old', 'powerdns/names']));
});
