import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readConfig } from '../../../src/config/read-config.ts';
import { readServices } from '../../../src/knowledge/read-services.ts';
import { tempDir } from '../../support/temp-dir.ts';

const entry = (id: string) => `id: ${id}\ntitle: My own\nrecognise: { packages: [${id}] }\n`;

test.each(['', 'services'])(
  'entries of an own folder are added, and replace those of the same id (in ./%s)',
  async below => {
    const own = tempDir();
    mkdirSync(join(own, below), { recursive: true });
    writeFileSync(join(own, below, 'tinyd.yml'), entry('tinyd'));
    writeFileSync(join(own, below, 'samba.yml'), entry('samba'));
    const [known, all] = [await readServices(), await readServices(own)];
    expect(all).toHaveLength(known.length + 1);
    expect(
      all
        .filter(each => each.title === 'My own')
        .map(each => each.id)
        .sort(),
    ).toEqual(['samba', 'tinyd']);
  },
);

test('a folder that is not there is named', async () => {
  await expect(readServices('/no/such/folder')).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('/no/such/folder'),
  });
});

test('perennial.yml names the folder from where it lies', async () => {
  const folder = tempDir();
  writeFileSync(join(folder, 'perennial.yml'), 'knowledge: ops/knowledge\n');
  expect((await readConfig(join(folder, 'perennial.yml'))).knowledge).toBe(join(folder, 'ops/knowledge'));
});
