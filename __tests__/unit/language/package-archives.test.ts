import { createHash } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { compileGlobs } from '../../../src/classify/rule.ts';
import type { Decided } from '../../../src/detect/decisions.ts';
import { decide, scan } from '../../../src/detect/detect.ts';
import { readRules } from '../../../src/knowledge/read-rules.ts';
import { checkArchives } from '../../../src/language/keep-archives.ts';
import { npmCachePath } from '../../../src/language/other-records.ts';
import { directoryTarget } from '../../../src/system/target.ts';
import { gemArchive, npmArchive } from '../../support/package-archives.ts';
import { tempDir } from '../../support/temp-dir.ts';

const FILES = { 'index.js': 'one', 'lib/b.js': 'two', 'c.js': 'three' };
const MODULE = '/srv/app/node_modules/a';
const GEMS = '/var/lib/gems/3.1.0';
const ARCHIVE = npmArchive(FILES);
const SHA512 = createHash('sha512').update(ARCHIVE).digest();
const CACHED = npmCachePath('/home/svc', SHA512.toString('hex'));
const GEM = `${GEMS}/cache/lab-1.0.gem`;

let root: string;

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function lock(changes: object = {}): void {
  const one = {
    version: '1.0.0',
    resolved: 'https://registry/a.tgz',
    integrity: `sha512-${SHA512.toString('base64')}`,
  };
  const text = JSON.stringify({ packages: { 'node_modules/a': { ...one, ...changes } } });
  put('/srv/app/node_modules/.package-lock.json', text);
}

beforeEach(() => {
  root = tempDir();
  put('/etc/passwd', 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n');
  for (const [path, content] of Object.entries(FILES)) {
    put(`${MODULE}/${path}`, content);
    put(`${GEMS}/gems/lab-1.0/${path}`, content);
  }
  lock();
  put(CACHED, ARCHIVE);
  put(GEM, gemArchive(FILES));
  put(`${GEMS}/specifications/lab-1.0.gemspec`, 's.name = "lab"\ns.version = "1.0"\n');
});

async function detect(exclude: string[] = []) {
  const target = directoryTarget(root);
  const none = Object.assign(() => undefined, { isEmpty: true });
  const judging = {
    ...{ baseline: undefined, rules: await readRules(), rebuildable: false },
    owner: { include: compileGlobs([]), exclude: compileGlobs(exclude), logs: 'keep' as const },
  };
  const seen = await scan(target, [], judging);
  const options = { ...judging, target, mounts: [], replacedBy: none, readImage: async () => undefined };
  const found = await decide(seen, options);
  const all = new Map([...found.decided].map((each: Decided) => [each.entry.path, `${each.disposition} ${each.rule}`]));
  const whys = new Map(found.languages.map(each => [each.ecosystem, `${each.files}: ${each.why}`]));
  return { found, of: (path: string) => all.get(path), whys };
}

describe('archives of packages', () => {
  test('vouch for the files that they have, byte for byte, and are kept themselves', async () => {
    put(`${MODULE}/index.js`, 'ONE');
    put(`${MODULE}/new.js`, 'four');
    put(`${GEMS}/gems/lab-1.0/lib/b.js`, 'TWO');
    const { of, whys } = await detect();
    expect([of(`${MODULE}/lib/b.js`), of(`${MODULE}/c.js`), of(CACHED)]).toEqual([
      ...['leave language/npm', 'leave language/npm', 'keep language/archive'],
    ]);
    expect([of('/home/svc/.npm/_cacache/content-v2'), of('/home/svc/.npm'), of('/home/svc')]).toEqual([
      ...['keep language/archive', 'keep unowned/operation', 'keep unowned/operation'],
    ]);
    expect([of(`${MODULE}/index.js`), of(`${MODULE}/new.js`), of(`${MODULE}/lib`)]).toEqual([
      ...['keep language/edited', 'keep unowned/operation', 'keep unowned/operation'],
    ]);
    expect([of(`${GEMS}/gems/lab-1.0/index.js`), of(`${GEMS}/gems/lab-1.0/lib/b.js`), of(GEM)]).toEqual([
      ...['leave language/gem', 'keep language/edited', 'keep language/archive'],
    ]);
    const why = 'left: unpacked again of its archive, which is kept; 1 of its files were changed since, and are kept';
    expect([...whys]).toEqual([
      ['npm', why],
      ['gem', why],
    ]);
  });

  test('a hard link is kept as such; another mode is no edit, since the index has it', async () => {
    linkSync(join(root, MODULE, 'c.js'), join(root, 'srv/other'));
    chmodSync(join(root, MODULE, 'index.js'), 0o4711);
    const { of } = await detect();
    expect([of(`${MODULE}/c.js`), of(`${MODULE}/index.js`)]).toEqual(['keep language/edited', 'leave language/npm']);
  });

  test.each<[string, () => void, string]>([
    ['no digest in the lock file', () => lock({ integrity: 'sha1-x' }), 'its lock file has no digest of its archive'],
    [
      'a package from a repository',
      () => lock({ resolved: 'git+ssh://x/a.git' }),
      'it came from a file, a folder or a repository',
    ],
    [
      'an archive of other bytes',
      () => put(CACHED, npmArchive({ x: 'y' })),
      'its archive in the cache is not the one of its lock file',
    ],
    [
      'nothing in the cache',
      () => lock({ integrity: `sha512-${'A'.repeat(86)}==` }),
      'no cache of npm has its archive any more',
    ],
  ])('%s: kept whole', async (_, change, why) => {
    change();
    const { of, whys } = await detect();
    expect([of(`${MODULE}/index.js`), whys.get('npm')]).toEqual(['keep unowned/operation', `kept: ${why}`]);
  });

  test('an archive that is another one when it is archived fails the run', async () => {
    const { found } = await detect();
    const members = (sha256: string) => ({ get: () => ({ sha256 }) });
    const gem = [...found.decided.objects()].find(each => each.entry.path === GEM)!;
    expect(gem.probe?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(() => checkArchives([gem], members(gem.probe!.sha256))).not.toThrow();
    expect(() => checkArchives([gem], members('0'.repeat(64)))).toThrow(/lab-1\.0\.gem has changed/);
    expect(() => checkArchives([gem], { get: () => undefined })).toThrow(/has changed/);
  });

  test('a broken archive, or one that the owner leaves out, vouches for nothing', async () => {
    put(GEM, 'no gem');
    const { of, whys } = await detect(['/home/svc/.npm/**']);
    expect([of(`${MODULE}/index.js`), of(`${GEMS}/gems/lab-1.0/c.js`)]).toEqual([
      ...['keep unowned/operation', 'keep unowned/operation'],
    ]);
    expect(whys.get('npm')).toBe('kept: no cache of npm has its archive any more');
    expect(whys.get('gem')).toMatch(/^kept: its archive cannot be unpacked/);
  });
});
