import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Baseline, imageBaseline, readBaseline, takeBaseline } from '../../../src/detect/baseline.ts';
import { type Detection, decide, scan } from '../../../src/detect/detect.ts';
import type { Judging } from '../../../src/detect/expectation.ts';
import { PathTable } from '../../../src/detect/path-table.ts';
import type { ContainerFacts, Engine } from '../../../src/engine/engine.ts';
import { findEngine } from '../../../src/engine/find-engine.ts';
import { readRules } from '../../../src/knowledge/read-rules.ts';
import { readSystem } from '../../../src/system/read-system.ts';
import { containerTarget, imageTarget } from '../../../src/system/target.ts';
import { tempDir } from '../../support/temp-dir.ts';

jest.setTimeout(300_000);

const NAME = `detect-${randomBytes(3).toString('hex')}`;

/** Files that are there when the baseline is taken: more than are held as objects. */
const MANY = 2 * 5 * 250;

const MOVES = 'many files move with kept times, folders swap, names come and go';

/** Each is done after those before it: what an owner does, and what makes another package database. */
const STEPS: [string, string, boolean][] = [
  ['nothing', ':', true],
  [
    'files come, change and go',
    'mkdir -p /srv/x; date > /srv/x/y; echo more >> /etc/bash.bashrc; chmod 700 /usr/bin/perl; rm /etc/issue; rm -r /usr/share/doc/dash; touch -d 2001-01-01 /data/old; setfattr -n user.a -v 1 /srv/x 2>/dev/null; useradd -m ada',
    true,
  ],
  [
    MOVES,
    `for d in /srv/many /data/many; do
      cd $d/1; mv 1 1-renamed; touch -r 2 /tmp/r; echo more > 2; touch -r /tmp/r 2; chmod 600 3; chown 7 4; ln 5 5-linked; rm 6; rm 7; mkdir 7; rm 8; ln -s 9 8
      touch -d 2001-01-01 10; echo y > 11; mv 11 12; touch new; cp -p 13 copied; setfattr -n user.a -v 1 14 2>/dev/null || :; truncate -s 10 15; touch RECORD x.json
      cd ..; mv 2 swapped; mv 3 2; mv swapped 3; rm -r 4; mkdir 4; cd 4; touch -r ../5/1 $(seq 250)
    done`,
    true,
  ],
  ['a link of the owner', 'ln -s /srv /opt/link', true],
  ['a packaged directory behind a link', 'mv /usr/share/perl5 /srv/perl5 && ln -s /srv/perl5 /usr/share/perl5', false],
  [
    'a package comes',
    'mkdir -p /tmp/p/DEBIAN /tmp/p/usr/share/own; echo x > /tmp/p/usr/share/own/file; printf "Package: own\\nVersion: 1\\nArchitecture: all\\nMaintainer: me <me@example.org>\\nDescription: own\\n" > /tmp/p/DEBIAN/control; dpkg-deb -b /tmp/p /tmp/own.deb >/dev/null && dpkg -i /tmp/own.deb >/dev/null',
    false,
  ],
  ['a package goes', 'dpkg -P own >/dev/null', false],
  ['files lose their package', "perl -0pi -e 's/Package: bsdutils\\n.*?\\n\\n//s' /var/lib/dpkg/status", false],
];

let engine: Engine;
let container: ContainerFacts;
let common: Omit<Judging, 'baseline'>;
const baselines: Record<string, Baseline> = {};

beforeAll(async () => {
  engine = await findEngine();
  await engine.run({ name: NAME, image: 'debian:trixie', command: ['sleep', 'infinity'], extraArgs: ['-v', '/data'] });
  container = await engine.inspectContainer(NAME);
  const fill =
    'for d in /srv/many /data/many; do for n in 1 2 3 4 5; do mkdir -p $d/$n; cd $d/$n; touch $(seq 250); done; done';
  await engine.exec(NAME, ['sh', '-c', fill]);
  const file = join(tempDir(), 'baseline');
  await takeBaseline(engine, container, ['/data'], file);
  baselines.file = await readBaseline(file, container);
  baselines.image = await imageBaseline(engine, container);
  const owner = {
    include: () => false,
    exclude: (path: string) => path.startsWith('/usr/games'),
    logs: 'keep' as const,
  };
  common = { rules: await readRules(), owner, rebuildable: false };
});

afterAll(async () => {
  await engine.removeContainer(NAME);
});

async function detect(baseline: Baseline, expecting: boolean): Promise<Detection & { kept: boolean }> {
  const target = containerTarget(engine, container.id);
  const judging: Judging = { ...common, baseline };
  const { mounts } = container.run;
  const seen = await scan(target, mounts, expecting ? judging : undefined);
  const readImage = () => readSystem(imageTarget(engine, container.imageId));
  // What a later step of the archive learns: a logical export replaces these.
  const replacedBy = (path: string) => (path.startsWith('/usr/share/man/') ? 'test' : undefined);
  const found = await decide(seen, { ...judging, target, mounts, replacedBy, readImage });
  return { ...found, kept: found.packages === seen.expected?.packages };
}

/** Everything that was decided; less the kernel's trees, which change by themselves. */
function told(found: Detection): string[] {
  const own = [...found.decided].filter(each => !/^\/(proc|sys|dev|run|tmp)(\/|$)/.test(each.entry.path));
  return [...own.map(each => JSON.stringify(each)), JSON.stringify([...found.passed])];
}

test.each(STEPS)('what was decided beforehand is what is decided afterwards: %s', async (name, script, holds) => {
  await engine.exec(NAME, ['sh', '-c', script]);
  const { system: _s, records: _r, ...bare } = baselines.image!;
  const plain = await detect(bare, false);
  expect(plain.kept).toBe(false);
  for (const [source, baseline] of Object.entries(baselines)) {
    const quick = await detect(source === 'image' ? baseline : { ...baseline, created: '' }, true);
    expect(quick.kept).toBe(holds);
    expect(told(quick)).toEqual(told(plain));
  }
  if (name !== MOVES) return;
  // What changed since the start is found in rows as it is in objects, one by one.
  const { file } = baselines as Record<'file', Baseline>;
  const start = new PathTable(Number.POSITIVE_INFINITY);
  for (const each of file.start.values()) start.add(each);
  expect([start.rows, file.start.rows > MANY - 1_000]).toEqual([0, true]);
  expect(told(await detect(file, true))).toEqual(told(await detect({ ...file, start }, true)));
});

test('a baseline file is the image and what had changed', () => {
  const { file, image } = baselines as Record<'file' | 'image', Baseline>;
  // Elsewhere each throw-away container has files that the engine makes for it.
  const layers = (baseline: Baseline) => [...baseline.image.values()].filter(each => /^\/(usr|var)\//.test(each.path));
  expect(layers(file)).toEqual(layers(image));
  expect(file.system!.facts).toEqual(image.system!.facts);
  expect([...file.start.keys()]).toContain('/data');
  expect(file.start.size).toBeGreaterThan(MANY);
  expect(file.start.size).toBeLessThan(MANY + 200);
});
