import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { readProgramTexts } from '../../../src/archive/restore-program.ts';
import type { IndexEntry } from '../../../src/bag/index-entry.ts';
import type { Manifest } from '../../../src/bag/manifest.ts';
import type { Service } from '../../../src/knowledge/service.ts';
import { compileRestoreProgram, type RestoreProgramFacts } from '../../../src/plan/compile-restore-program.ts';
import { HOSTILE } from '../../support/hostile-text.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { tinyManifest, tinyPackage } from '../../support/tiny-bag.ts';

const texts = await readProgramTexts();
const volume = (destination: string) => ({
  type: 'volume' as const,
  source: 'x',
  destination,
  writable: true,
  anonymous: true,
});
const compile = (changes: Partial<RestoreProgramFacts> = {}) =>
  compileRestoreProgram({
    manifest: tinyManifest(),
    index: [],
    dockerfile: 'FROM debian:bullseye\n',
    base: 'debian:bullseye',
    services: [],
    texts,
    ...changes,
  });
const text = (program: ReturnType<typeof compile>, path: string) => program.get(path)!.content.toString();

/** A bag folder with the program, and an engine that writes down how it is called: NUL after each word, two after each call. */
function bagFolder(
  program: ReturnType<typeof compile>,
  existing = '',
): { dir: string; run: (...words: string[]) => Run } {
  const dir = tempDir();
  for (const [path, { content, mode }] of program) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content, { mode });
  }
  mkdirSync(join(dir, 'data/dumps'), { recursive: true });
  writeFileSync(join(dir, 'data/payload.tar.zst'), zstdCompressSync(''));
  const engine = join(dir, 'engine');
  writeFileSync(
    engine,
    `#!/bin/sh\n{ printf '%s\\0' "$@"; printf '\\0'; } >>'${dir}/calls'\n[ "$1 $2" != "container inspect" ] && [ "$1 $2" != "volume inspect" ] || [ "$3" = '${existing}' ]\n`,
  );
  chmodSync(engine, 0o755);
  const run = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync('sh', [join(dir, 'restore.sh'), ...words], {
      cwd: '/',
      env: { PATH: process.env.PATH, ENGINE: engine, CHECK: 'no' },
    });
    const calls = existsSync(join(dir, 'calls')) ? readFileSync(join(dir, 'calls'), 'utf8') : '';
    return {
      status,
      stdout: `${stdout}`,
      stderr: `${stderr}`,
      calls: calls.split('\0\0').map(call => call.split('\0')),
    };
  };
  return { dir, run };
}
interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
  calls: string[][];
}
const call = (run: Run, ...first: string[]) =>
  run.calls.find(words => first.every((word, at) => words[at] === word)) ?? [];

describe('what is in the program', () => {
  test('its files, with modes', () => {
    const paths = [...compile()].map(([path, { mode }]) => `${mode.toString(8)} ${path}`);
    expect(paths.sort()).toEqual(
      [
        '644 Dockerfile',
        '755 restore.sh',
        ...[
          'accounts',
          'accounts.awk',
          'apply.sh',
          'automatic',
          'made-by-packages',
          'packages',
          'purged',
          'records',
          'release',
          'removed',
        ].map(name => `644 restore/${name}`),
      ].sort(),
    );
  });

  test('packages: chosen, automatic, removed; required ones every system has', () => {
    const manifest = tinyManifest();
    manifest.system.removed = ['nano'];
    manifest.system.packages = [
      tinyPackage('zsh', '1', { manual: true }),
      tinyPackage('cron', '1', { manual: true, priority: 'important' }),
      tinyPackage('bash', '1', { manual: true, priority: 'required' }),
      tinyPackage('libzsh', '1'),
      tinyPackage('held', '1', { manual: true, status: 'hold' }),
      tinyPackage('rest', '1', { status: 'config-files', manual: true }),
      tinyPackage('--evil; x', '1', { manual: true }),
    ];
    const program = compile({ manifest });
    expect(text(program, 'restore/packages')).toBe('cron\nheld\nzsh\n');
    expect(text(program, 'restore/automatic')).toBe('libzsh\n');
    expect(text(program, 'restore/removed')).toBe('nano\nrest\n');
    expect(text(program, 'restore/release')).toBe('debian 11\n');
  });

  test('without a recorded Dockerfile one is made of the chosen packages', () => {
    const made = text(compile({ dockerfile: undefined }), 'Dockerfile');
    expect(made).toContain('ARG PERENNIAL_BASE=debian:bullseye\n');
    expect(made).toContain('tinyd \\');
  });

  test('notes of what cannot be repeated', () => {
    const manifest = tinyManifest();
    manifest.service.run.devices = ['/dev/ttyS0\u001b[2J'];
    manifest.system.extraRepositories = ['deb http://example.org lab main'];
    const { stdout, status } = bagFolder(compile({ manifest })).run('x');
    expect(stdout).toMatch(/^! Devices .*ttyS0\\x1b\[2J$/m);
    expect(stdout).toContain('! The old system had another package source: deb http://example.org lab main');
    expect(status).toBe(3);
  });
});

describe('restore.sh', () => {
  test('builds and starts as the old container was', () => {
    const manifest = tinyManifest({
      mounts: [
        { destination: '/srv/data', kept: true, why: '' },
        { destination: '/etc/tinyd.conf', kept: true, why: '' },
      ],
    });
    Object.assign(manifest.service.run, {
      published: [{ container: '7/tcp', hostIp: '', hostPort: '77' }],
      env: { LANG: 'C' },
    });
    const index = [{ path: '/etc/tinyd.conf', kind: 'file', disposition: 'keep' } as IndexEntry];
    const run = bagFolder(compile({ manifest, index })).run('again', 'debian:trixie');
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    expect(call(run, 'build')).toEqual(
      'build --tag perennial-restored:again --file Dockerfile --build-arg PERENNIAL_BASE=debian:trixie restore'.split(
        ' ',
      ),
    );
    expect(call(run, 'volume', 'create')).toEqual(['volume', 'create', 'again-srv-data']);
    expect(call(run, 'run')).toEqual([
      ...'run --detach --name again --publish 77:7/tcp --hostname tiny --env LANG=C --expose 7/tcp'.split(' '),
      ...'--mount type=volume,source=again-srv-data,destination=/srv/data --entrypoint /bin/sh perennial-restored:again'.split(
        ' ',
      ),
      ...['-c', expect.stringContaining('exec "$@"'), 'perennial', '/usr/sbin/tinyd'],
    ]);
  });

  test.each([[[]], [['-x']], [['a b']], [['a;b']], [['$(x)']], [['../a']]])('the name %j is refused', words => {
    const { status, stderr, calls } = bagFolder(compile()).run(...words);
    expect([status, stderr]).toEqual([1, expect.stringContaining('usage: sh restore.sh NAME')]);
    expect(calls).toEqual([['']]);
  });

  test.each(['again', 'again-srv'])('%s exists already: nothing is touched', existing => {
    const manifest = tinyManifest({ mounts: [{ destination: '/srv', kept: true, why: '' }] });
    const { status, stderr, calls } = bagFolder(compile({ manifest }), existing).run('again');
    expect([status, stderr]).toEqual([1, expect.stringContaining(`${existing} exists`)]);
    expect(calls.map(words => words[0])).toEqual(expect.not.arrayContaining(['build', 'run', 'rm']));
  });

  test('mount points of the same name get volumes of their own', () => {
    const manifest = tinyManifest({
      mounts: ['/a/b', '/a-b'].map(destination => ({ destination, kept: true, why: '' })),
    });
    const run = bagFolder(compile({ manifest })).run('x');
    expect(run.calls.filter(words => words[1] === 'create').map(words => words[2])).toEqual(['x-a-b', 'x-a-b.1']);
  });

  test.each(HOSTILE)('hostile values reach the engine as they are: %j', hostile => {
    if (!hostile.isWellFormed() || hostile === '') return;
    const manifest: Manifest = tinyManifest({
      rebuild: { dockerfile: 'Dockerfile', context: '.', buildArgs: { WORD: hostile } },
      mounts: [{ destination: `/srv/${hostile}`, kept: true, why: '' }],
      dumps: [
        { file: `tiny/${hostile}`, service: 'tiny', export: 'all', bytes: 1 },
        { file: hostile, service: 'gone', export: hostile, bytes: 1 },
      ],
    });
    Object.assign(manifest.service, { name: hostile, start: hostile });
    Object.assign(manifest.service.run, {
      command: [hostile],
      env: { WORD: hostile },
      labels: { [hostile]: hostile },
      mounts: [volume(`/srv/${hostile}`)],
    });
    const load = 'cat >/dev/null';
    const services = [{ id: 'tiny', exports: [{ id: 'all', load, loadUser: 'tiny' }] } as unknown as Service];
    const { dir, run } = bagFolder(compile({ manifest, services }));
    mkdirSync(dirname(join(dir, 'data/dumps/tiny', hostile)), { recursive: true });
    writeFileSync(join(dir, 'data/dumps/tiny', hostile), '');
    const ran = run('x');
    expect(call(ran, 'build')).toContain(`WORD=${hostile}`);
    expect(call(ran, 'run').at(-1)).toBe(hostile);
    expect(call(ran, 'run')).toEqual(expect.arrayContaining([`WORD=${hostile}`, `${hostile}=${hostile}`]));
    expect(call(ran, 'exec', '-u', '0', 'x', 'sh')).toEqual(['exec', '-u', '0', 'x', 'sh', '-c', hostile]);
    expect(call(ran, 'exec', '-i', '-u', 'tiny')).toEqual(['exec', '-i', '-u', 'tiny', 'x', 'sh', '-eu', '-c', load]);
    expect(ran.status).toBe(3); // the export that nobody knows
    for (const place of [dir, '/']) expect(existsSync(join(place, 'canary'))).toBe(false);
  });

  test('a damaged folder is refused', () => {
    const { dir } = bagFolder(compile());
    for (const name of ['manifest-sha256.txt', 'tagmanifest-sha256.txt']) {
      const path = name.startsWith('tag') ? 'restore/apply.sh' : 'data/payload.tar.zst';
      writeFileSync(join(dir, name), execFileSync('sha256sum', [path], { cwd: dir }));
    }
    const run = () =>
      spawnSync('sh', ['restore.sh', 'x'], {
        cwd: dir,
        env: { PATH: process.env.PATH, ENGINE: join(dir, 'engine') },
      });
    expect(run().status).toBe(0);
    writeFileSync(join(dir, 'restore/apply.sh'), '');
    expect([run().status, `${run().stderr}`]).toEqual([1, expect.stringContaining('restore/apply.sh: FAILED')]);
  });
});
