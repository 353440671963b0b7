import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toolEnv } from '../../scripts/provision/paths.ts';
import { RegistryProcess } from '../support/registry-service.ts';
import { ReleaseService } from '../support/release-service/release-service.ts';
import { type Ended, type RunOptions, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';
import { buildTinyBag } from '../support/tiny-bag.ts';

/* `copy`, `list` and keys as a person uses them: real folders, a real registry, keys of the real `age-keygen`. */

const dir = tempDir();
const temporary = join(dir, 'tmp');
const at = (name: string) => join(dir, name);
let registry: RegistryProcess;
let releases: ReleaseService;
let recipient: string;

beforeAll(async () => {
  mkdirSync(temporary);
  [registry, releases] = await Promise.all([RegistryProcess.start(at('registry')), ReleaseService.start()]);
  await buildTinyBag(at('tiny'));
  for (const name of ['key.txt', 'other.txt']) age('age-keygen', ['-o', at(name)]);
  recipient = age('age-keygen', ['-y', at('key.txt')]).trim();
});

afterAll(async () => {
  await registry.stop();
  await releases.close();
});

function age(program: string, args: string[]): string {
  return execFileSync(program, args, { env: toolEnv(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Nothing may be left in its temporary folder, whatever becomes of it. */
async function run(args: string[], options: RunOptions = {}): Promise<Ended> {
  const github = {
    GITHUB_API_URL: `${releases.url}/api`,
    GITHUB_TOKEN: 'release-token',
    GITHUB_REPOSITORY: 'o/r',
  };
  const ended = await runPerennial(args, { ...options, env: { TMPDIR: temporary, ...github, ...options.env } });
  expect(readdirSync(temporary)).toEqual([]);
  expect(ended.stderr).not.toMatch(/defect of perennial/);
  return ended;
}

test('a bag is copied from place to place, and the list of all tells what is where', async () => {
  const shelf = at('shelf');
  const first = await run(['copy', at('tiny'), shelf]);
  expect(first).toMatchObject({ code: 0, stdout: `Kept as ${shelf}/tiny.tar.zst\n` });
  const oci = `oci://${registry.host}/lab/tiny:2026`;
  expect(await run(['copy', shelf, oci, '--json'])).toMatchObject({ code: 0 });
  const release = await run(['copy', oci, 'release:archives', '--name', 'lab']);
  expect(release).toMatchObject({
    code: 0,
    stderr: expect.not.stringContaining('error'),
    stdout: expect.stringMatching(/^Kept as release:.*archives/),
  });
  const locked = await run(['copy', 'release:archives', `${shelf}/`, '--name', 'locked', '--recipient', recipient]);
  expect(locked).toMatchObject({ code: 0, stdout: `Kept as ${shelf}/locked.tar.zst.age\n` });

  // What was fetched is read where it lies, also when it is encrypted, and gone afterwards.
  const away = `oci://${registry.host}/lab/locked:2026`;
  expect(await run(['copy', join(shelf, 'locked.tar.zst.age'), away])).toMatchObject({ code: 0 });
  const verified = await run(['verify', '--deep', away, '--identity-file', at('key.txt')]);
  expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('complete and unchanged') });

  const list = await run(['list', shelf, at('tiny'), oci, 'release:archives', '--json']);
  expect(list.code).toBe(0);
  const rows = JSON.parse(list.stdout).map((each: Record<string, string>) => [
    each.name,
    each.service,
    each.created?.slice(0, 10),
    each.encrypted,
  ]);
  const today = new Date().toISOString().slice(0, 10);
  expect(rows).toEqual([
    ['locked.tar.zst.age', '', today, true],
    ['tiny.tar.zst', 'tiny', '2026-01-02', false],
    ['tiny', 'tiny', '2026-01-02', false],
    ['tiny.tar.zst', 'tiny', '2026-01-02', false],
    ['lab.tar.zst', 'tiny', '2026-01-02', false],
  ]);
  // The same bytes everywhere: what came back from the registry and the release is what went in.
  const digests = new Set(JSON.parse(list.stdout).map((each: Record<string, string>) => each.sha256));
  expect(digests.size).toBe(3); // the packed bag, its encrypted copy, and none for a folder
  const table = (await run(['list', shelf])).stdout;
  expect(table).toMatch(/^NAME +SERVICE +DATE/);
  expect(table).toMatch(/^tiny\.tar\.zst +tiny +2026-01-02 .* never +no +\/.*shelf\/tiny\.tar\.zst$/m);
}, 120_000);

describe('what goes wrong with copy and list', () => {
  const cases: [string, () => string[], RegExp][] = [
    ['list of nothing', () => ['list', at('nowhere')], /no folder .*nowhere/],
    ['copy of nothing', () => ['copy', at('nowhere'), at('shelf2')], /no bag at .*nowhere/],
    ['copy below a folder that is not there', () => ['copy', at('tiny'), at('disk/archives')], /no folder .*disk/],
    ['copy to a file that is no bag', () => ['copy', at('tiny'), at('key.txt')], /key\.txt is a file/],
  ];
  test.each(cases)(
    '%s',
    async (_, args, message) => {
      const ended = await run(args());
      expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
      expect(ended.stderr.match(/^error: /gm)).toHaveLength(1);
      expect(readdirSync(dir)).not.toContain('disk');
    },
    60_000,
  );
});

describe('keys', () => {
  beforeAll(async () => {
    writeFileSync(at('recipients.txt'), `# the lab\n${recipient}\n`);
    const made = await run(['copy', at('tiny'), at('keys.tar.zst.age'), '--recipients-file', at('recipients.txt')]);
    expect(made.code).toBe(0);
  }, 60_000);

  const verify = ['verify', 'keys.tar.zst.age'];
  test.each<[string, string[], () => RunOptions]>([
    ['a file', ['--identity-file', 'key.txt'], () => ({})],
    ['stdin', ['--identity-file', '-'], () => ({ input: readFileSync(at('key.txt'), 'utf8') })],
    ['the environment', [], () => ({ env: { PERENNIAL_IDENTITY: readFileSync(at('key.txt'), 'utf8') } })],
  ])(
    'an identity from %s opens a bag, and is not said',
    async (_, args, options) => {
      const ended = await run(inDir([...verify, ...args]), options());
      expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('complete and unchanged') });
      expect(ended.stdout + ended.stderr).not.toMatch(/AGE-SECRET-KEY-1[A-Z0-9]/);
    },
    60_000,
  );

  test.each<[string, string[], RunOptions, RegExp]>([
    ['none', [], {}, /--identity-file/],
    ['another', ['--identity-file', 'other.txt'], {}, /None of the given identities opens/],
    ['a file that is none', ['--identity-file', 'recipients.txt'], {}, /recipients\.txt/],
    ['an empty stdin', ['--identity-file', '-'], { input: '' }, /stdin/],
    ['stdin twice', ['--identity-file', '-', '--passphrase-file', '-'], {}, /Both --identity-file and --passphrase/],
  ])(
    '%s: one clear error, at once',
    async (_, args, options, message) => {
      const ended = await run(inDir([...verify, ...args]), options);
      expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
      expect(ended.stderr).not.toMatch(/AGE-SECRET-KEY-1[A-Z0-9]/);
    },
    60_000,
  );

  function inDir(args: string[]): string[] {
    return args.map(each => (/\.(txt|age)$/.test(each) ? at(each) : each));
  }
});
