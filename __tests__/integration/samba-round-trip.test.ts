import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ORDINARY_USER } from '../../scripts/provision/ordinary-user.ts';
import { loadIntoPodman } from '../../scripts/provision/podman.ts';
import { retry } from '../support/retry.ts';
import { perennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(900_000);

/*
 * examples/samba, from bullseye to trixie through the command line, in every way that people run engines. The smoke tests are
 * those of its perennial.yml; `restore` ends with 0 only when all answers are the golden ones.
 */
const EXAMPLE = join(import.meta.dirname, '../../examples/samba');

/** Databases of Samba 4 of Debian, and what Samba 3 was compiled with: a file in /run is not archived, as that was in no file. */
const AS_COMPILED =
  "mkdir -p /run/samba; cat > /run/samba/samba3.conf; sed -i '/^.global.$/a include = /run/samba/samba3.conf' /etc/samba/smb.conf";

/** Where an old Samba of Debian kept its users and secrets, each as the one before left it to the next. */
const layouts = {
  'Samba 3.4': {
    script: `mv /var/lib/samba/private/*.tdb /var/lib/samba/; rm -r /var/lib/samba/private; ${AS_COMPILED}`,
    compiled: 'private dir = /var/lib/samba\n',
  },
  'Samba 3.2': {
    script: `mv /var/lib/samba/private/secrets.tdb /var/lib/samba/; rm -r /var/lib/samba/private; ${AS_COMPILED}
      for name in alice bob; do printf "pw-$name\\npw-$name\\n" | smbpasswd -s -a "$name"; done`,
    compiled: 'private dir = /var/lib/samba\npassdb backend = smbpasswd:/etc/samba/smbpasswd\n',
  },
};

interface Way {
  name: string;
  engine: 'docker' | 'podman';
  /** Run as this user of the machine; root otherwise. */
  user?: string;
  /** The old one keeps its users where this one did. */
  layout?: keyof typeof layouts;
}

const ways: Way[] = [
  { name: 'docker, as an ordinary user of its group', engine: 'docker', user: ORDINARY_USER, layout: 'Samba 3.4' },
  { name: 'podman, as root', engine: 'podman', layout: 'Samba 3.2' },
  { name: 'podman, rootless', engine: 'podman', user: ORDINARY_USER },
];

describe.each(ways)('$name', ({ engine, user, layout }) => {
  const id = `samba-${randomBytes(3).toString('hex')}`;
  const dir = tempDir();
  const bag = join(dir, 'bag');
  const home = user ? `/home/${user}` : '/root';
  /** A program of the machine as the user, with the user's own environment. */
  const run = (argv: string[], input?: string | Buffer) =>
    execFileSync('env', [...as(), ...argv], {
      cwd: '/',
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      ...(input ? { input } : {}),
    });
  const as = () => (user ? ['-u', 'XDG_RUNTIME_DIR', `HOME=${home}`, 'runuser', '-u', user, '--'] : []);
  const options = { env: { HOME: home }, ...(user ? { user } : {}) };
  const here = ['--engine', engine];

  beforeAll(() => {
    chmodSync(dir, 0o777);
    if (engine === 'podman') loadIntoPodman(['debian:bullseye', 'debian:trixie'], user);
    retry(() => run([engine, 'build', '--quiet', '--tag', `${id}:old`, EXAMPLE]));
    run([engine, 'run', '-d', '--name', `${id}-old`, `${id}:old`, 'sleep', 'infinity']);
    const inOld = (script: string, input?: string | Buffer) =>
      run([engine, 'exec', '-i', `${id}-old`, ...(script === '' ? ['bash', '-s'] : ['sh', '-euc', script])], input);
    inOld('', readFileSync(join(EXAMPLE, 'operate.sh')));
    if (layout) inOld(layouts[layout].script, layouts[layout].compiled);
    inOld('', readFileSync(join(EXAMPLE, 'start.sh')));
    run(
      [engine, 'exec', '-i', `${id}-old`, 'sh', '-c', 'cat > /opt/start.sh'],
      readFileSync(join(EXAMPLE, 'start.sh')),
    );
  });

  afterAll(() => {
    // podman waits 10 s for a container that ignores SIGTERM, unless told not to
    const now = engine === 'podman' ? ['--time', '0'] : [];
    for (const name of ['old', 'new']) tryRun([engine, 'rm', '--force', '--volumes', ...now, `${id}-${name}`]);
    tryRun([engine, 'volume', 'rm', '--force', `${id}-new-share`]);
    for (const image of [`${id}:old`, `perennial/${id}-new:restored`]) tryRun([engine, 'rmi', image]);
  });

  function tryRun(argv: string[]): void {
    try {
      run(argv);
    } catch {
      // it was not made
    }
  }

  test('archives', async () => {
    const said = await perennial(
      ['archive', '--container', `${id}-old`, '--out', bag, '--context', EXAMPLE, '--json', ...here],
      options,
    );
    expect(JSON.parse(said)).toMatchObject({ incomplete: [] });
  });

  test("verifies, and the bag is the user's to read", async () => {
    await perennial(['verify', bag], options);
    for (const file of ['data/payload.tar.zst', 'data/manifest.json', 'restore.sh', 'README.md']) {
      accessSync(join(bag, file), constants.R_OK);
      run(['test', '-r', join(bag, file)]);
    }
  });

  test('restores with the same answers', async () => {
    const report = join(dir, 'report');
    mkdirSync(report);
    chmodSync(report, 0o777);
    const said = await perennial(
      ['restore', bag, '--name', `${id}-new`, '--keep', '--json', '--report', report, ...here],
      options,
    );
    const result = JSON.parse(said);
    expect(result).toMatchObject({ container: `${id}-new`, same: true });
    expect(result.smoke).toHaveLength(10); // nine of the owner's, one by default
  });

  test('leaves nothing behind but the container, its image and its volume', () => {
    const lines = (argv: string[]) =>
      run([engine, ...argv])
        .split('\n')
        .filter(line => line.includes(id))
        .sort();
    expect(lines(['ps', '--all', '--format', '{{.Names}}'])).toEqual([`${id}-new`, `${id}-old`]);
    expect(lines(['volume', 'ls', '--format', '{{.Name}}'])).toEqual([`${id}-new-share`]);
    expect(
      lines(['images', '--format', '{{.Repository}}:{{.Tag}}']).map(name => name.replace('localhost/', '')),
    ).toEqual([`perennial/${id}-new:restored`, `${id}:old`]);
  });

  if (layout === 'Samba 3.4')
    test("the plan's program brings it back by hand, too", async () => {
      const program = join(dir, 'plan.sh');
      writeFileSync(program, await perennial(['plan', bag, '--base', 'debian:trixie', '--shell', ...here], options));
      const name = `${id}-hand`;
      try {
        run(['sh', program, bag, name]);
        const address = run([engine, 'inspect', '--format', '{{.NetworkSettings.IPAddress}}', name]).trim();
        const read = (password: string) =>
          spawnSync('smbclient', [`//${address}/lab`, '-U', `alice%${password}`, '-c', 'get data.txt -'], {
            encoding: 'utf8',
          }).stdout;
        expect(read('pw-alice')).toContain('measured 42');
        expect(read('wrong')).toContain('NT_STATUS_LOGON_FAILURE');
      } finally {
        for (const what of [
          ['rm', '--force', '--volumes', name],
          ['volume', 'rm', `${name}-share`],
        ])
          tryRun([engine, ...what]);
        tryRun([engine, 'rmi', `perennial-restored:${name}`]);
      }
    });
});
