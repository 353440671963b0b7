import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { IndexEntry } from '../../src/bag/index-entry.ts';
import { type Bag, openBag } from '../../src/bag/open-bag.ts';
import { engine, removeOwned } from '../support/engine-state.ts';
import { perennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(300_000);

/*
 * A service that nobody has heard of: no entry of knowledge/ knows it. What is said of its paths has to make sense to its owner all the
 * same.
 */

const ID = `invented-${randomBytes(3).toString('hex')}`;
const dir = tempDir();
const context = join(dir, 'context');

/** Counts its visitors in /srv/tally, keeps pages in a cache, listens on a socket. Nothing but perl-base is needed. */
const DAEMON = `#!/usr/bin/perl
use IO::Socket::UNIX;
unlink '/run/tallyd/sock'; my $s = IO::Socket::UNIX->new(Local => '/run/tallyd/sock', Listen => 1) or die $!;
sub put { open my $f, '>', $_[0] or die $!; print $f $_[1]; close $f }
put('/run/tallyd/pid', $$); put('/srv/tally/count', "1\\n"); put('/var/cache/tallyd/page', '<html>1</html>'); put('/var/log/tallyd.log', "up\\n");
while (my $c = $s->accept) { close $c }
`;

const DOCKERFILE = [
  'FROM debian:trixie',
  'RUN useradd --system --home-dir /srv/tally --shell /usr/sbin/nologin tally',
  'COPY web /opt/tally/web', // what npm installed
  'COPY tallyd /opt/tally/bin/tallyd',
  'RUN mkdir -p /opt/tally/plugins && for p in add sub mul; do echo "# $p" > /opt/tally/plugins/$p; done && chmod 755 /opt/tally/bin/tallyd',
  'RUN install -d -o tally /srv/tally /var/cache/tallyd && install -d /etc/tally && head -c 32 /dev/urandom | od -An -tx1 > /etc/tally/cookie && chgrp tally /etc/tally/cookie && chmod 640 /etc/tally/cookie',
  'RUN for name in cookie other; do echo public > /etc/tally/$name.crt; done',
  'RUN install -o tally /dev/null /var/log/tallyd.log',
  'VOLUME /srv/tally',
  `LABEL perennial-test-owner=${ID}`,
];

const OPERATE = `
set -e
printf 'greeting = hello\\napi_token = 8a9b-lab-1\\n' > /etc/tally/tally.conf
echo 'alias tally="cat /srv/tally/count"' >> /etc/bash.bashrc
echo '# twice' >> /opt/tally/plugins/add
rm /opt/tally/plugins/sub
echo '// faster' >> /opt/tally/web/node_modules/@lab/sum/index.js
cd /opt/tally/plugins; touch -r mul /tmp/then; printf '# MUL\n' > mul; touch -r /tmp/then mul     # same size, same time
chmod 4755 /usr/bin/wall
cd /etc/apt
echo 'deb [signed-by=/etc/apt/keyrings/lab.asc] https://lab.example.org/debian stable main' > sources.list.d/lab.list
mkdir -p keyrings; echo 'the key' > keyrings/lab.asc
printf 'Package: *\\nPin: origin lab.example.org\\nPin-Priority: 100\\n' > preferences.d/lab
install -d -o tally /run/tallyd
`;

const PATHS = [
  '/opt/tally/bin/tallyd',
  '/opt/tally/plugins/add',
  '/opt/tally/plugins/sub',
  '/opt/tally/plugins/mul',
  '/etc/tally/tally.conf',
  '/etc/tally/cookie',
  '/etc/bash.bashrc',
  '/etc/passwd',
  '/usr/bin/wall',
  '/srv/tally/count',
  '/var/cache/tallyd/page',
  '/var/log/tallyd.log',
  '/run/tallyd/sock',
  '/usr/bin/perl',
  '/scratch/x',
  '/srv/none',
];

/** A folder with two packages that the real npm installed from their own archives, with nothing fetched. */
function npmInstall(web: string): void {
  const files = ['@lab/sum', 'add'].map(name => {
    const source = join(dir, name.replace('/', '-'));
    mkdirSync(source);
    writeFileSync(join(source, 'package.json'), JSON.stringify({ name, version: '1.2.3' }));
    writeFileSync(join(source, 'index.js'), 'module.exports = (a, b) => a + b;\n');
    return execFileSync('npm', ['pack', '--silent', '--pack-destination', dir], {
      cwd: source,
      encoding: 'utf8',
    }).trim();
  });
  mkdirSync(web);
  writeFileSync(join(web, 'package.json'), '{"name": "web", "version": "1.0.0", "private": true}');
  const install = ['install', '--silent', '--offline', '--no-audit', '--no-fund', '--install-links'];
  execFileSync('npm', [...install, ...files.map(each => join(dir, each))], { cwd: web });
}

let inContainer: string;
let inBag: string;
let bag: Bag;

beforeAll(async () => {
  mkdirSync(context);
  writeFileSync(join(context, 'Dockerfile'), `${DOCKERFILE.join('\n')}\n`);
  writeFileSync(join(context, 'tallyd'), DAEMON);
  writeFileSync(
    join(context, 'perennial.yml'),
    "name: tally\nexclude: ['/var/cache/tallyd/**', '/srv/nothing/**']\ncrossCheck: true\n",
  );
  npmInstall(join(context, 'web'));
  engine(['build', '--quiet', '--tag', `${ID}:image`, context]);
  const start = ['run', '-d', '--name', ID, '--tmpfs', '/scratch', `${ID}:image`, 'sleep', 'infinity'];
  engine(start);
  engine(['exec', '-i', ID, 'sh', '-s'], { input: OPERATE });
  engine(['exec', '-d', '-u', 'tally', ID, '/opt/tally/bin/tallyd']);
  engine([
    'exec',
    ID,
    'sh',
    '-c',
    'for i in $(seq 100); do [ -s /var/log/tallyd.log ] && exit 0; sleep 0.1; done; exit 1',
  ]);
  inContainer = await perennial(['explain', '--container', ID, '--context', context, ...PATHS]);
  await perennial(['archive', '--container', ID, '--context', context, '--out', join(dir, 'bag')]);
  bag = await openBag(join(dir, 'bag'));
  inBag = await perennial(['explain', join(dir, 'bag'), ...PATHS]);
});

afterAll(() => removeOwned(ID));

/** What is said of a path: its lines without the path and the indent. */
function answers(text: string): Record<string, string[]> {
  const blocks = text.trimEnd().split(/\n(?=\/)/);
  return Object.fromEntries(
    blocks.map(block => block.split('\n').map(line => line.trim())).map(([path, ...said]) => [path, said]),
  );
}

test('of each path of the living container: what becomes of it, why, which rule and source say so, and how to overrule them', () => {
  expect(answers(inContainer)).toEqual({
    '/opt/tally/bin/tallyd': [
      'left out: made by a build step or a package script; the Dockerfile in the bag makes it again',
      'rule image/build-step',
      "to keep it: include: ['/opt/tally/bin/tallyd']",
    ],
    '/opt/tally/plugins/add': [
      'kept: no package ships it, and it was changed since the image was made',
      'rule unowned/operation; seen by walk',
      "to leave it: exclude: ['/opt/tally/plugins/add']",
    ],
    '/opt/tally/plugins/sub': [
      'deletion kept: it was in the image; the owner removed it',
      'rule owner/deleted; seen by walk',
      "to leave it: exclude: ['/opt/tally/plugins/sub']",
    ],
    '/opt/tally/plugins/mul': [
      'kept: no package ships it, and it was changed since the image was made',
      'rule unowned/operation; seen by walk',
      "to leave it: exclude: ['/opt/tally/plugins/mul']",
    ],
    '/etc/tally/tally.conf': [
      'kept: no package ships it, and it came after the image was made',
      'rule unowned/operation; seen by walk',
      "to leave it: exclude: ['/etc/tally/tally.conf']",
    ],
    '/etc/tally/cookie': [
      'kept: made when the image was built, readable by few, lost by a rebuild',
      'rule image/secret',
      "to leave it: exclude: ['/etc/tally/cookie']",
    ],
    '/etc/bash.bashrc': [
      'kept: configuration file of bash, edited',
      'rule package/edited-conffile; package bash; seen by walk, package-digest',
      "to leave it: exclude: ['/etc/bash.bashrc']",
    ],
    '/etc/passwd': [
      'kept as records: accounts are records; they are merged by name at restore, never laid over',
      'rule accounts/account-databases',
      "to leave it: exclude: ['/etc/passwd']",
    ],
    '/usr/bin/wall': [
      'attributes kept: mode, owner, attributes or ACL differ from what bsdutils set',
      'rule package/attributes; package bsdutils; seen by walk, package-digest',
      "to leave it: exclude: ['/usr/bin/wall']",
    ],
    '/srv/tally/count': [
      'kept: no package ships it; it lies in a volume or a bind mount',
      'rule unowned/mount; seen by walk',
      "to leave it: exclude: ['/srv/tally/count']",
    ],
    '/var/cache/tallyd/page': [
      'left out: perennial.yml excludes it',
      'rule owner/exclude; seen by walk',
      "to keep it: include: ['/var/cache/tallyd/page']",
    ],
    '/var/log/tallyd.log': [
      'kept: no package ships it, and it was changed since the image was made',
      'rule unowned/operation; seen by walk',
      "to leave it: exclude: ['/var/log/tallyd.log']",
    ],
    '/run/tallyd/sock': [
      'left out: sockets are made by the program that listens',
      'rule runtime/socket; seen by walk',
      "to keep it: include: ['/run/tallyd/sock']",
    ],
    '/usr/bin/perl': [
      'left out: perl-base ships it and it is as in the image',
      'rule package/unchanged; package perl-base',
      "to keep it: include: ['/usr/bin/perl']",
    ],
    '/scratch/x': [
      'left out: it lies in the mount /scratch, which is not read: a tmpfs is empty after every restart',
      'rule mount/not-read',
      'perennial.yml cannot change that: mount it as a volume, or copy it to a place that is read',
    ],
    '/srv/none': ['left out: it does not exist in the container'],
  });
});

test('the archive says the same of all that it lists, names the kind of a secret, and knows no more of the rest', () => {
  const [living, archived] = [answers(inContainer), answers(inBag)];
  const unlisted = ['/opt/tally/bin/tallyd', '/usr/bin/perl', '/srv/none'];
  for (const path of unlisted) {
    expect(archived[path]![0]).toMatch(/^left out: not listed; it was as in the image/);
    delete living[path];
    delete archived[path];
  }
  living['/etc/tally/tally.conf']![1] = 'rule unowned/operation; holds tokens and passwords; seen by walk';
  expect(archived).toEqual(living);
});

test('a glob of the owner’s that matches nothing is reported, and no other', () => {
  const said = bag.manifest.notes.filter(each => each.includes('matches nothing'));
  expect(said).toEqual(['The exclude glob /srv/nothing/** of perennial.yml matches nothing']);
});

test('what a rebuild loses is kept with its public half, and certificates of nobody’s are not', async () => {
  const kept = (await listed('/etc/tally/')).map(({ path, rule }) => [path, rule]);
  expect(kept).toEqual([
    ['/etc/tally/cookie', 'image/secret'],
    ['/etc/tally/cookie.crt', 'image/secret-public'],
    ['/etc/tally/tally.conf', 'unowned/operation'],
  ]);
});

test('repositories of the owner’s, their keys and pins are recorded', async () => {
  expect(bag.manifest.system.extraRepositories).toEqual([expect.stringContaining('https://lab.example.org/debian')]);
  const kept = (await listed('/etc/apt/')).filter(({ path }) => path.includes('/lab'));
  expect(kept.map(({ path, disposition }) => [path, disposition])).toEqual([
    ['/etc/apt/keyrings/lab.asc', 'keep'],
    ['/etc/apt/preferences.d/lab', 'keep'],
    ['/etc/apt/sources.list.d/lab.list', 'record'],
  ]);
});

/** What the archive has below a folder. */
async function listed(folder: string): Promise<IndexEntry[]> {
  const found: IndexEntry[] = [];
  for await (const each of bag.readIndex())
    if (each.path.startsWith(folder) && each.disposition !== 'leave' && each.disposition !== 'parent') found.push(each);
  return found;
}

test('its program is recorded with account and package, though nobody knows the service', () => {
  const { processes, recognised } = bag.manifest.service;
  expect(recognised).toEqual(['interpreted']); // what any program in Perl is
  expect(processes.find(each => each.user === 'tally')).toMatchObject({
    argv: ['/usr/bin/perl', '/opt/tally/bin/tallyd'],
    package: 'perl-base',
  });
});

test('the engine’s diff is asked as a second source: what it does not see is kept, and named', () => {
  expect(engine(['diff', ID])).not.toContain('plugins/mul'); // docker compares size and time
  expect(answers(inBag)['/opt/tally/plugins/mul']![0]).toMatch(/^kept: /);
  const disagreements = bag.manifest.notes.filter(each => each.includes('disagree'));
  expect(disagreements).toEqual([expect.stringMatching(/kept \(1\): \/opt\/tally\/plugins\/mul$/)]);
});

test('packages of npm: the build installs them again, and what was edited in place is kept and told', async () => {
  const { languagePackages } = bag.manifest;
  expect(languagePackages.map(({ ecosystem, name, version, why }) => [ecosystem, name, version, why])).toEqual([
    ['npm', '@lab/sum', '1.2.3', 'the build installs it again; 1 of its files were changed since, and are kept'],
    ['npm', 'add', '1.2.3', 'npm records no digests of files'],
  ]);
  const kept: string[] = [];
  for await (const each of bag.readIndex())
    if (each.disposition === 'keep' && each.kind === 'file' && each.path.includes('node_modules'))
      kept.push(`${each.path} ${each.rule}`);
  expect(kept).toEqual(['/opt/tally/web/node_modules/@lab/sum/index.js unowned/operation']);
});
