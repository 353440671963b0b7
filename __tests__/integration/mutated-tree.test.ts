import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { IndexEntry } from '../../src/bag/index-entry.ts';
import type { Manifest } from '../../src/bag/manifest.ts';
import { openBag } from '../../src/bag/open-bag.ts';
import { compareEntries } from '../support/compare-trees.ts';
import { engine, removeOwned } from '../support/engine-state.ts';
import {
  type Mutation,
  makeMutations,
  oddNameCount,
  oddNamesScript,
  randomNumbers,
  seedScript,
} from '../support/mutate-tree.ts';
import { readTree, type TreeEntry } from '../support/read-tree.ts';
import { perennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(600_000);

const SEED = Number(process.env.PERENNIAL_TEST_SEED ?? randomBytes(4).readUInt32LE());
const ID = `tree-${randomBytes(3).toString('hex')}`;
const COUNT = 60;
const dir = tempDir();
const context = join(dir, 'context');
const pick = randomNumbers(SEED);
const inRoot = makeMutations('/srv/root', COUNT, pick);
const inVolume = makeMutations('/srv/volume', COUNT, pick);

/** Packaged paths: what was done to them, and what has to come of it. */
const packaged: Mutation[] = (
  [
    [
      'edit',
      'tr a-z A-Z < /usr/share/debianutils/shells > /tmp/x; touch -r /usr/share/debianutils/shells /tmp/r; cat /tmp/x > /usr/share/debianutils/shells; touch -r /tmp/r /usr/share/debianutils/shells',
      '/usr/share/debianutils/shells',
      'keep',
    ],
    ['chmod', 'chmod 4750 /usr/bin/tac', '/usr/bin/tac', 'attributes'],
    ['chown', 'chown ana /usr/bin/tsort', '/usr/bin/tsort', 'attributes'],
    ['setcap', 'setcap cap_net_raw+ep /usr/bin/nl', '/usr/bin/nl', 'attributes'],
    ['setfacl', 'setfacl -m u:ana:rx /usr/bin/od', '/usr/bin/od', 'attributes'],
    ['setfattr', 'setfattr -n user.x -v y /usr/bin/pr', '/usr/bin/pr', 'attributes'],
    ['chmod of a folder', 'chmod 2775 /usr/share/debianutils', '/usr/share/debianutils', 'attributes'],
    ['delete', 'rm /usr/sbin/getpcaps', '/usr/sbin/getpcaps', 'delete'],
    ['delete a conffile', 'rm /etc/cron.daily/dpkg', '/etc/cron.daily/dpkg', 'delete'],
    ['edit a conffile', 'echo "# lab" >> /etc/login.defs', '/etc/login.defs', 'keep'],
    ['touch a conffile', 'touch /etc/pam.conf', '/etc/pam.conf', 'leave'],
    [
      'copy a packaged file over itself',
      'cp -p /usr/bin/paste /tmp/p; cp -p /tmp/p /usr/bin/paste',
      '/usr/bin/paste',
      'leave',
    ],
    [
      'replace a file by a folder',
      'rm /usr/bin/ptx; mkdir /usr/bin/ptx; echo x > /usr/bin/ptx/x',
      '/usr/bin/ptx',
      'keep',
    ],
    ['replace a file by a link', 'ln -sf /bin/true /usr/bin/shuf', '/usr/bin/shuf', 'keep'],
    [
      'replace a folder by a link',
      'mv /usr/share/base-passwd /srv/base-passwd; ln -s /srv/base-passwd /usr/share/base-passwd',
      '/usr/share/base-passwd',
      'keep',
    ],
    ['retarget a link', 'ln -sfn /usr/bin/dash /usr/bin/rbash', '/usr/bin/rbash', 'keep'],
    ['replace a link by a file', 'rm /usr/bin/captoinfo; echo x > /usr/bin/captoinfo', '/usr/bin/captoinfo', 'keep'],
    ['replace a link by a folder', 'rm /usr/bin/infotocap; mkdir /usr/bin/infotocap', '/usr/bin/infotocap', 'keep'],
  ] as const
).map(([name, script, path, disposition]) => ({ name, script, expect: new Map([[path, disposition]]) }));

/** More paths than are held as objects (src/detect/path-table.ts): what is walked after them, such as the volume, is rows. */
const MANY = 'mkdir /opt/many; ( cd /opt/many; touch $(seq 1500) )';

/** Loses what commit loses; whether the engine's diff has the path at all is still seen. */
const LOST_WHEN_STOPPED = new Set(['/usr/bin/od', '/usr/bin/pr']);

interface Archived {
  manifest: Manifest;
  index: Map<string, IndexEntry>;
}

const RUN_FOLDERS = `install -d -m 2750 -o 1234 -g 4321 '/run/lab own'; install -d -m 700 '/run/lab own/in'; echo 1 > '/run/lab own/pid'`;

beforeAll(async () => {
  console.info(`PERENNIAL_TEST_SEED=${SEED}`);
  mkdirSync(context);
  const lines = [
    'FROM debian:trixie',
    'RUN apt-get -q update && apt-get install -y -q --no-install-recommends acl attr libcap2-bin ncurses-bin',
    'RUN useradd -m ana',
    'COPY seed.sh /seed.sh',
    'RUN bash -e /seed.sh && rm /seed.sh',
    'VOLUME /srv/volume',
    `LABEL perennial-test-owner=${ID}`,
  ];
  writeFileSync(join(context, 'seed.sh'), `${seedScript('/srv/root', COUNT)}\n${seedScript('/srv/volume', COUNT)}\n`);
  writeFileSync(join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
  engine(['build', '--quiet', '--tag', `${ID}:image`, context]);
  engine(['run', '-d', '--name', `${ID}-old`, '-v', `${ID}-volume:/srv/volume`, `${ID}:image`, 'sleep', 'infinity']);
  const scripts = [...inRoot, ...inVolume, ...packaged].map(
    each => `( set -e; ${each.script}\n) || { echo 'failed: ${each.name}'; exit 1; }`,
  );
  const script = [
    MANY,
    ...scripts,
    oddNamesScript('/srv/root'),
    oddNamesScript('/srv/volume'),
    RUN_FOLDERS,
    '[ -z "$(find / -xdev -name canary)" ]',
  ].join('\n');
  engine(['exec', '-i', `${ID}-old`, 'bash', '-e', '-s'], { input: script });
});

afterAll(() => removeOwned(ID));

async function archived(name: string): Promise<Archived> {
  const out = join(dir, name);
  await perennial(['archive', '--container', `${ID}-old`, '--out', out, '--context', context]);
  const bag = await openBag(out);
  const index = new Map<string, IndexEntry>();
  for await (const entry of bag.readIndex()) index.set(entry.path, entry);
  return { manifest: bag.manifest, index };
}

/** What is wrong, one line a path: named in a failure together with the mutation. */
function wrongDispositions(mutations: Mutation[], index: Map<string, IndexEntry>): string[] {
  return mutations.flatMap(({ name, expect: expected }) =>
    [...expected].flatMap(([path, disposition]) => {
      const found = index.get(path)?.disposition ?? 'leave';
      return found === disposition
        ? []
        : [`${name}: ${path} is ${found}, not ${disposition} (${index.get(path)?.rule})`];
    }),
  );
}

const oddPaths = (index: Map<string, IndexEntry>, root: string) =>
  [...index.values()].filter(({ path, disposition }) => path.startsWith(`${root}/odd/`) && disposition === 'keep');

describe('a running container', () => {
  let index: Map<string, IndexEntry>;
  beforeAll(async () => {
    ({ index } = await archived('running'));
  });

  test('every mutated path is in the index with the right disposition', () => {
    expect(wrongDispositions([...inRoot, ...inVolume, ...packaged], index)).toEqual([]);
  });

  test('odd names are all there', () => {
    for (const root of ['/srv/root', '/srv/volume']) expect(oddPaths(index, root)).toHaveLength(3 * oddNameCount);
  });

  test('each of many files is there', () => {
    const many = [...index.values()].filter(
      ({ path, disposition }) => /^\/opt\/many\/\d+$/.test(path) && disposition === 'keep',
    );
    expect(many).toHaveLength(1500);
  });

  test('nothing else is kept', () => {
    const known = new Set([...inRoot, ...inVolume, ...packaged].flatMap(each => [...each.expect.keys()]));
    const more = [...index.values()].filter(
      ({ path, disposition, rule }) =>
        rule !== 'package/referenced' &&
        !['leave', 'parent', 'record'].includes(disposition) &&
        !known.has(path) &&
        !/^\/(srv\/(volume|root\/odd|base-passwd)|opt\/many)(\/|$)/.test(path),
    );
    expect(more.map(each => `${each.path} ${each.disposition} ${each.rule}`)).toEqual([
      '/opt keep unowned/operation',
      '/srv keep unowned/operation', // the moved folder is in it
      '/srv/root keep unowned/operation',
      '/usr/bin/ptx/x keep unowned/operation',
    ]);
  });

  describe('restored on the same release', () => {
    let differences: string[];

    beforeAll(async () => {
      await perennial([
        'restore',
        join(dir, 'running'),
        '--name',
        `${ID}-new`,
        '--base',
        'debian:trixie',
        '--keep',
        '--report',
        join(dir, 'report'),
      ]);
      differences = compareEntries(wholeTree(`${ID}-old`), wholeTree(`${ID}-new`), {
        exclude: [
          '/proc',
          '/sys',
          '/dev',
          '/run',
          '/tmp',
          '/var/lib/perennial',
          '/etc/hosts',
          '/etc/hostname',
          '/etc/resolv.conf',
          '/.dockerenv',
        ],
      });
    });

    test('folders below /run are there, with their owners, and empty', () => {
      const look = (container: string, what: string) =>
        engine(['exec', container, 'sh', '-c', `find /run/lab* ${what} -printf '%m %U %G %p;'`]);
      expect(look(`${ID}-new`, '')).toBe(look(`${ID}-old`, '-type d'));
      expect(look(`${ID}-new`, '')).toMatch(/^2750 1234 4321 .*;2700 0 4321 .*in;$/);
    });

    test('is the same tree, attribute by attribute', () => {
      const left = (line: string) => {
        const [path, attribute] = line.split(': ') as [string, string];
        const entry = index.get(path);
        return (
          attribute === 'mtime' && (!entry || ['leave', 'parent', 'attributes', 'record'].includes(entry.disposition))
        );
      };
      const generated = /^\/(var\/log\/|var\/cache\/|var\/lib\/(apt|dpkg|systemd)\/|etc\/ld\.so\.cache|etc\/[a-z]+-: )/;
      expect(differences.filter(line => !left(line) && !generated.test(line))).toEqual([]);
    });
  });
});

test('a stopped container: the same, and what is lost is said', async () => {
  engine(['stop', '-t', '0', `${ID}-old`]);
  const { index, manifest } = await archived('stopped');
  const seen = [...inRoot, ...inVolume, ...packaged].filter(
    each => ![...each.expect.keys()].some(path => LOST_WHEN_STOPPED.has(path)),
  );
  expect(wrongDispositions(seen, index)).toEqual([]);
  for (const root of ['/srv/root', '/srv/volume']) expect(oddPaths(index, root)).toHaveLength(3 * oddNameCount);
  expect(manifest.notes.join('\n')).toMatch(/the container was stopped: .*extended attributes/);
});

/** Root and volume of a running container, as the host sees them: no program of the container is asked. */
function wholeTree(container: string): Map<string, TreeEntry> {
  const facts = JSON.parse(engine(['inspect', container]))[0];
  const root = facts.GraphDriver.Data.MergedDir as string;
  const tree = readTree(root, root);
  for (const mount of facts.Mounts) {
    const hidden = [...tree.keys()].filter(path => `${path}/`.startsWith(`${mount.Destination}/`));
    for (const path of hidden) tree.delete(path); // what the image has there
    for (const [path, entry] of readTree(mount.Source, root))
      tree.set(path === '/' ? mount.Destination : mount.Destination + path, entry);
  }
  return tree;
}
