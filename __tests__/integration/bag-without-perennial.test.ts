import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { archive } from '../../src/archive/archive.ts';
import type { IndexEntry } from '../../src/bag/index-entry.ts';
import type { Manifest } from '../../src/bag/manifest.ts';
import type { Config } from '../../src/config/config.ts';
import { readConfig } from '../../src/config/read-config.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { findEngine } from '../../src/engine/find-engine.ts';
import { compareAnswers } from '../../src/smoke/compare-answers.ts';
import { findGolden } from '../../src/smoke/golden-file.ts';
import { runSmokeTests } from '../../src/smoke/run-smoke.ts';
import type { SmokeAnswer } from '../../src/smoke/smoke-test.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(600_000);

const EXAMPLE = join(import.meta.dirname, '../../examples/samba');
const OLD = 'program-old';
const IMAGE = 'program-samba:old';
/** What README.md calls the new container: the service's name as one word. */
const NEW = 'program-lab-server';
const progress = { step() {}, detail() {}, warn() {} };

/** Operation beyond the example's: one of each thing that a plain untar gets wrong. */
const OPERATE = String.raw`
set -e
apt-get -q update >/dev/null
apt-get -y -q --no-install-recommends install tree acl attr libcap2-bin >/dev/null
# of packaged files: modes, owners, attributes
chown root:lab /usr/bin/smbpasswd; chmod 4750 /usr/bin/smbpasswd
setcap cap_net_bind_service+ep /usr/bin/tdbtool
setfattr -n user.note -v 'two words' /usr/bin/tdbdump
setfacl -m u:alice:rx,d:u:bob:r /var/lib/samba/printers
apt-get -y -q purge attr libcap2-bin >/dev/null
# of the owner's
setfacl -m u:bob:r /share/lab/data.txt
mkdir -p /srv/odd "/srv/odd/-rf \$(touch canary)"
cd /srv/odd
echo 1 > "$(printf 'new\nline')"; echo 2 > "it's"; echo 3 > "$(printf 'byte\377')"; ln ./"it's" hard; ln -s nowhere link
truncate -s 1G holes; printf x >> holes; mkfifo pipe; touch -d '2001-02-03 04:05:06.789012345' old; chmod 1777 .
# deletions
rm /etc/logrotate.d/samba /usr/share/doc/samba/copyright; rm -r /usr/share/doc/samba-common; rm "/usr/share/doc/tree/copyright"
# dpkg's own overrides
dpkg-statoverride --update --add root lab 2750 /usr/bin/testparm
dpkg-divert --quiet --local --rename --add /usr/bin/tdbrestore
printf '#!/bin/sh\nexec /usr/bin/tdbrestore.distrib "$@"\n' > /usr/bin/tdbrestore; chmod 755 /usr/bin/tdbrestore
printf '#!/bin/sh\n' > '/usr/local/bin/lab editor'; chmod 755 '/usr/local/bin/lab editor'
update-alternatives --quiet --install /usr/bin/editor editor '/usr/local/bin/lab editor' 7
update-alternatives --quiet --set awk /usr/bin/mawk
apt-mark hold tree >/dev/null
install -d -m 2750 -o bob -g lab '/run/lab own'; install -d -m 700 '/run/lab own/in'; echo 1 > '/run/lab own/pid'
# accounts
usermod -aG adm bob; usermod -s /bin/sh root; echo 'root:toor' | chpasswd; useradd --system -u 998 robot; chown robot /srv/odd/old
`;

let engine: Engine;
let config: Config;
let bag: string;
let readme: string;
let golden: SmokeAnswer[];
let then: { manifest: Manifest; index: IndexEntry[] };

async function archiveOf(container: string, out: string) {
  return archive({ engine, container, out, context: EXAMPLE, config, progress });
}

/** Does what README.md says, word for word, with no more than these programs. */
function followReadme(programs: string): { status: number | null; output: string } {
  const [, section] = /## Bring it back\n(.*?)\n## /s.exec(readme)!;
  const command = section!.split('\n').find(line => line.startsWith('    '))!;
  const path = tempDir();
  for (const name of programs.split(' '))
    symlinkSync(execFileSync('which', [name]).toString().trim(), join(path, name));
  const ran = spawnSync(join(path, 'sh'), ['-c', `exec 2>&1; ${command}`], {
    cwd: bag,
    env: { PATH: path, HOME: process.env.HOME },
  });
  return { status: ran.status, output: ran.stdout.toString() };
}

function removeRestored(): void {
  const quiet = { stdio: 'ignore' as const };
  spawnSync('docker', ['rm', '-f', '-v', NEW], quiet);
  spawnSync('docker', ['volume', 'rm', `${NEW}-share`], quiet);
  spawnSync('docker', ['rmi', `perennial-restored:${NEW}`], quiet);
}

beforeAll(async () => {
  engine = await findEngine('docker');
  removeRestored();
  await engine.removeContainer(OLD);
  config = { ...(await readConfig(join(EXAMPLE, 'perennial.yml'))), name: 'program lab server' };
  await engine.build({ context: EXAMPLE, tag: IMAGE });
  await engine.run({
    name: OLD,
    image: IMAGE,
    command: ['sleep', 'infinity'],
    run: { env: { ODD: `it's $(x)` }, hostname: 'lab' },
  });
  await engine.exec(OLD, ['sh', '-c', 'cat > /opt/start.sh'], { input: readFileSync(join(EXAMPLE, 'start.sh')) });
  await engine.exec(OLD, ['bash', '-s'], { input: readFileSync(join(EXAMPLE, 'operate.sh')) });
  await engine.exec(OLD, ['bash', '-s'], { input: OPERATE });
  await engine.exec(OLD, ['bash', '/opt/start.sh']);
  const folder = tempDir();
  const result = await archiveOf(OLD, join(folder, 'bag'));
  bag = join(folder, 'bag');
  readme = readFileSync(join(bag, 'README.md'), 'utf8');
  golden = result.golden;
  then = { manifest: result.manifest, index: [...result.index] };
});

afterAll(async () => {
  removeRestored();
  await engine.removeContainer(OLD);
  await engine.removeImage(IMAGE);
});

/** Written by the running daemons, or by a smoke test's client. */
const ALIVE = /^\/(run|var\/log|var\/cache\/samba|var\/lib\/samba|share\/lab$)(\/|$)/;

/** nmbd writes it when it has heard of other machines for a while. */
const SOMETIMES = '/var/cache/samba/browse.dat';

/** What is recorded of every path, but for times and contents that running daemons change. */
function recorded(index: IndexEntry[]): Record<string, Partial<IndexEntry>> {
  const entries = index.filter(
    each => ['keep', 'attributes', 'delete'].includes(each.disposition) && each.path !== SOMETIMES,
  );
  return Object.fromEntries(entries.map(each => [each.path, lasting(each)]));
}

function lasting({ seenBy: _, why: __, rule: ___, ...entry }: IndexEntry): Partial<IndexEntry> {
  if (entry.disposition === 'keep' && !ALIVE.test(entry.path)) return entry;
  const { mtime: _m, size: _s, sha256: _d, ...rest } = entry;
  return rest;
}

test('the archive has one of each thing that is easily lost', () => {
  expect(recorded(then.index)).toMatchObject({
    '/usr/bin/smbpasswd': { disposition: 'attributes', mode: '4750', group: 'lab' },
    '/usr/bin/tdbtool': { disposition: 'attributes', xattrs: { 'security.capability': expect.any(String) } },
    '/usr/bin/tdbdump': { disposition: 'attributes', xattrs: { 'user.note': expect.any(String) } },
    '/var/lib/samba/printers': {
      aclAccess: expect.stringContaining('alice'),
      aclDefault: expect.stringContaining('bob'),
    },
    '/share/lab/data.txt': { disposition: 'keep', aclAccess: expect.stringContaining('bob') },
    '/etc/logrotate.d/samba': { disposition: 'delete' },
    '/usr/share/doc/samba-common': { disposition: 'delete', kind: 'directory' },
    '/srv/odd/new\nline': { disposition: 'keep' },
    '/srv/odd/byte\udcff': { disposition: 'keep' },
  });
});

describe('with sh, Docker and zstd', () => {
  test('the README brings the service back', async () => {
    const { status, output } = followReadme('sh docker dirname grep sha256sum zstd cat');
    expect(output).not.toMatch(/^!|unfinished/m);
    expect(status).toBe(0);
    const { address } = await engine.inspectContainer(NEW);
    const { tests } = (await findGolden(join(bag, 'data/smoke')))!; // the owner's, and those that everybody gets
    const answers = await runSmokeTests(tests, { engine, container: NEW, address }, progress);
    expect(compareAnswers(golden, answers).map(({ name, verdict }) => [name, verdict])).toEqual(
      golden.map(({ name }) => [name, 'same']),
    );
  });

  test('archived again, it is what it was: paths, owners, attributes, overrides, packages', async () => {
    const now = await archiveOf(NEW, join(tempDir(), 'again'));
    expect(recorded([...now.index])).toEqual(recorded(then.index));
    const { overrides, packages } = now.manifest.system;
    expect(overrides).toEqual(then.manifest.system.overrides);
    const names = (list: typeof packages) =>
      list.map(({ name, manual, status }) => `${name} ${manual} ${status}`).sort();
    expect(names(packages)).toEqual(names(then.manifest.system.packages));
    const { run } = now.manifest.service;
    expect([run.env, run.hostname]).toEqual([{ ODD: `it's $(x)` }, 'lab']);
  });

  test('accounts are those of the old system, line for line', async () => {
    const accounts = (container: string) =>
      engine.exec(container, ['sh', '-c', 'cd /etc; cat passwd group shadow gshadow subuid subgid']);
    expect(`${(await accounts(NEW)).stdout}`).toBe(`${(await accounts(OLD)).stdout}`);
  });

  test('folders below /run are there, with their owners, and empty', async () => {
    const { stdout } = await engine.exec(NEW, ['sh', '-c', `find '/run/lab own' -printf '%m %u %g %p;'`]);
    expect(`${stdout}`).toBe('2750 bob lab /run/lab own;2700 root lab /run/lab own/in;');
  });

  test('holes stay holes, links stay linked, and nothing of the restore is left', async () => {
    const look = 'cd /srv/odd; stat -c %b holes; stat -c %h hard; ls -A /var/lib/perennial /usr/sbin/policy-rc.d 2>&1';
    const { stdout } = await engine.exec(NEW, ['sh', '-c', look], { allowFailure: true });
    const [blocks, links, ...left] = `${stdout}`.trim().split('\n');
    expect(Number(blocks)).toBeLessThan(100);
    expect(links).toBe('2');
    expect(left).toEqual([
      expect.stringContaining("'/usr/sbin/policy-rc.d': No such file"),
      '/var/lib/perennial:',
      'restored',
    ]);
  });

  test('a second one of that name is refused, and the first lives on', async () => {
    const { status, output } = followReadme('sh docker dirname grep sha256sum zstd cat');
    expect([status, output]).toEqual([1, expect.stringContaining(`a container ${NEW} exists`)]);
    expect((await engine.inspectContainer(NEW)).running).toBe(true);
  });
});

test('without zstd the container unpacks', async () => {
  removeRestored();
  const { status, output } = followReadme('sh docker dirname grep sha256sum cat');
  expect(output).not.toMatch(/^!/m);
  expect(status).toBe(0);
  const tools = await engine.exec(NEW, ['sh', '-c', 'command -v zstd setfattr; cat /share/lab/data.txt'], {
    allowFailure: true,
  });
  expect(`${tools.stdout}`).toBe('measured 42\n');
});

test('the program adds little to the bag', () => {
  const files = ['restore.sh', 'Dockerfile', 'restore'].map(name => join(bag, name));
  const packed = execFileSync('sh', ['-c', 'cat $(find "$@" -type f) | zstd -19 | wc -c', 'sh', ...files]);
  expect(Number(packed)).toBeLessThan(10_000);
});

test('shellcheck finds nothing', () => {
  for (const name of ['restore.sh', 'restore/apply.sh']) {
    // Files that are there only in the container; values that are quoted because nothing in them is to expand.
    const { stdout, error } = spawnSync('shellcheck', ['--exclude=SC1091,SC2016', join(bag, name)]);
    expect(error).toBeUndefined();
    expect(`${stdout}`).toBe('');
  }
});
