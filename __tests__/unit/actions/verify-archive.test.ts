import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { refuseUnproved, VERIFICATIONS, verifyArchive } from '../../../src/actions/verify-archive.ts';
import { defaultConfig } from '../../../src/config/config.ts';
import { silentProgress } from '../../../src/progress.ts';
import { tempDir } from '../../support/temp-dir.ts';

const archive = { config: defaultConfig };

test('none does not open the bag; the others want its digests', async () => {
  const missing = join(tempDir(), 'bag');
  expect(await verifyArchive(missing, 'none', archive, silentProgress)).toMatchObject({ how: 'none', differences: [] });
  for (const how of VERIFICATIONS.filter(each => each !== 'none'))
    await expect(verifyArchive(missing, how, archive, silentProgress)).rejects.toMatchObject({ code: 'bad-input' });
});

test('an archive whose rebuild differs keeps the original', () => {
  expect(() => refuseUnproved({ how: 'rebuild', note: '', differences: [] })).not.toThrow();
  expect(() => refuseUnproved({ how: 'rebuild', note: '', differences: ['/srv/x: owner', 'more'] })).toThrow(
    'a rebuild of it is not the same: /srv/x: owner (and 1 more)',
  );
});
