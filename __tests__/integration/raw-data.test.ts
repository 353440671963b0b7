import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { openBag } from '../../src/bag/open-bag.ts';
import { loadIndex } from '../../src/restore/load-index.ts';
import { buildOwned, engine, removeOwned } from '../support/engine-state.ts';
import { perennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(300_000);

/* A database whose new version refuses a data folder of the old one, as PostgreSQL does, archived with its raw data. */
const ID = `raw-${randomBytes(3).toString('hex')}`;
const NEW = `${ID}-new`;
const dir = tempDir();
const [bag, knowledge, config] = [join(dir, 'bag'), join(dir, 'knowledge'), join(dir, 'perennial.yml')];

const ENTRY = {
  id: 'tinydb',
  title: 'Tiny database',
  recognise: { files: ['/srv/db'] },
  exports: [
    {
      ...{ id: 'all', why: 'a data folder is read only by the version that wrote it', source: 'this test' },
      ...{ file: 'all.txt', run: 'cat /srv/db/rows', replaces: ['/srv/db/**'], keeps: ['/srv/db/own.key'] },
      load: '[ ! -e /srv/db/version ] || { echo "made by an older version" >&2; exit 1; }; mkdir -p /srv/db; cat > /srv/db/rows',
    },
  ],
};

beforeAll(async () => {
  mkdirSync(knowledge);
  writeFileSync(join(knowledge, 'tinydb.yml'), JSON.stringify(ENTRY));
  const globs = `exclude: [/srv/cache, '/srv/cache/**']\ninclude: [/srv/cache/deep/wanted]\n`;
  writeFileSync(config, `rawData: true\nknowledge: ${knowledge}\n${globs}`);
  buildOwned(ID, `${ID}:base`, ['FROM debian:bookworm']);
  engine(['run', '-d', '--name', `${ID}-service`, `${ID}:base`, 'sleep', '100003']);
  const operate = 'mkdir /srv/db; echo 1 > /srv/db/version; echo precious > /srv/db/rows; echo own > /srv/db/own.key';
  const cache = 'mkdir -p /srv/cache/deep; chown -R 33:4 /srv/cache; chmod 2770 /srv/cache; chmod 1731 /srv/cache/deep';
  const fill = 'echo yes > /srv/cache/deep/wanted; echo no > /srv/cache/deep/other';
  engine(['exec', `${ID}-service`, 'sh', '-c', `${operate}; ${cache}; ${fill}`]);
  await perennial(['archive', '--container', `${ID}-service`, '--out', bag, '--config', config]);
});

afterAll(() => {
  engine(['rm', '-f', '-v', NEW]);
  removeOwned(ID);
  engine(['rmi', '-f', `perennial/${NEW}:restored`]);
});

test('raw data are archived beside their export, and stay in the bag when that is loaded', async () => {
  const index = await loadIndex(await openBag(bag));
  const rules = ['rows', 'version', 'own.key'].map(name => index.get(`/srv/db/${name}`));
  expect(rules.map(each => [each?.disposition, each?.rule])).toEqual([
    ['keep', 'export/raw'],
    ['keep', 'export/raw'],
    ['keep', 'unowned/operation'],
  ]);
  const said = await perennial([
    ...['restore', bag, '--name', NEW, '--base', 'debian:trixie', '--knowledge', knowledge, '--keep'],
  ]);
  expect(said).not.toMatch(/to look at\n {2}!.*srv\/db/);
  expect(engine(['exec', NEW, 'sh', '-c', 'cd /srv/db; ls; cat rows own.key'])).toBe('own.key\nrows\nprecious\nown\n');
  expect(await perennial(['check', bag, '--container', NEW])).toMatch(/is as the archive has it/);
});

test('folders above what the owner includes come back with their owners and modes, although they are excluded', () => {
  const found = engine(['exec', NEW, 'find', '/srv/cache', '-printf', '%p %m %U %G\\n']).trim().split('\n').sort();
  expect(found).toEqual(['/srv/cache 2770 33 4', '/srv/cache/deep 1731 33 4', '/srv/cache/deep/wanted 644 0 0']);
});
