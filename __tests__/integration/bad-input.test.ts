import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { buildOwned, type EngineState, engine, engineState, removeOwned } from '../support/engine-state.ts';
import { runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(300_000);

const ID = `bad-${randomBytes(3).toString('hex')}`;
const TAG = `${ID}:base`;
const dir = tempDir();
const bag = join(dir, 'bag');
let before: EngineState;
let files: string[];

/** A program that only sleeps, in an image that has nothing else. */
function buildEmptyImage(): void {
  const folder = join(dir, 'empty');
  mkdirSync(folder);
  writeFileSync(join(folder, 'sleep.c'), '#include <unistd.h>\nint main(void) { for (;;) pause(); }\n');
  execFileSync('gcc', ['-static', '-o', join(folder, 'sleep'), join(folder, 'sleep.c')]);
  writeFileSync(
    join(folder, 'Dockerfile'),
    `FROM scratch\nCOPY sleep /sleep\nCMD ["/sleep"]\nLABEL perennial-test-owner=${ID}\n`,
  );
  engine(['build', '--quiet', '--tag', `${ID}:empty`, folder]);
}

function context(name: string, files: Record<string, string>): string {
  const folder = join(dir, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

/** A copy of the bag with something done to it. */
function brokenBag(name: string, change: (folder: string) => void): string {
  const folder = join(dir, name);
  cpSync(bag, folder, { recursive: true });
  change(folder);
  return folder;
}

beforeAll(async () => {
  buildOwned(ID, TAG, ['FROM debian:trixie']);
  buildEmptyImage();
  engine(['run', '-d', '--name', `${ID}-service`, TAG, 'sleep', 'infinity']);
  engine(['exec', `${ID}-service`, 'sh', '-c', 'echo data > /srv/data']);
  engine(['run', '-d', '--name', `${ID}-paused`, TAG, 'sleep', 'infinity']);
  engine(['pause', `${ID}-paused`]);
  engine(['create', '--name', `${ID}-stopped`, `${ID}:empty`]);
  const archived = await runPerennial(['archive', '--container', `${ID}-service`, '--out', bag]);
  expect(archived).toMatchObject({ code: 0 });
  makeInputs();
  before = engineState(ID);
  files = readdirSync(dir).sort();
});

afterAll(() => {
  engine(['unpause', `${ID}-paused`]);
  removeOwned(ID);
});

function makeInputs(): void {
  context('no-dockerfile', { 'perennial.yml': '' });
  context('wrong-key', { Dockerfile: 'FROM debian:trixie\n', 'perennial.yml': 'start: true\nquiese: [x]\n' });
  context('typo', { Dockerfile: 'FROM debian:trixie\n', 'perennial.yml': 'quiese: [x]\n' });
  context('directory-dockerfile', {});
  mkdirSync(join(dir, 'directory-dockerfile/Dockerfile'));
  context('failing-quiesce', { Dockerfile: 'FROM debian:trixie\n', 'perennial.yml': 'quiesce: ["exit 7"]\n' });
  writeFileSync(join(dir, 'no-baseline'), 'this is no baseline\n');
  brokenBag('newer', folder => {
    const file = join(folder, 'data/manifest.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"schema": ?\d+/, '"schema": 99'));
  });
  brokenBag('truncated', folder => truncateSync(join(folder, 'data/payload.tar.zst'), 40));
  brokenBag('flipped', folder => {
    const file = join(folder, 'data/payload.tar.zst');
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(file, bytes);
  });
  brokenBag('forged', forge);
  brokenBag('missing', folder => rmSync(join(folder, 'data/files.ndjson.zst')));
}

/** Other content in the payload, and every manifest as if it had always been so: only the index knows better. */
function forge(folder: string): void {
  const script = `set -e
zstd -dcq data/payload.tar.zst | perl -0777 -pe 's/\\0data\\n/\\0evil\\n/ or die' | zstd -q > forged
mv forged data/payload.tar.zst
set -- $(sha256sum data/payload.tar.zst) && sed -i "s/^.* data.payload.tar.zst$/$1  data\\/payload.tar.zst/" manifest-sha256.txt
sed -i "s/^Payload-Oxum: .*/Payload-Oxum: $(find data -type f -printf '%s\\n' | awk '{ s += $1 } END { print s "." NR }')/" bag-info.txt
for each in manifest-sha256.txt bag-info.txt; do
  set -- $(sha256sum $each) && sed -i "s/^.* $each$/$1  $each/" tagmanifest-sha256.txt
done
sha256sum -c --quiet manifest-sha256.txt tagmanifest-sha256.txt`;
  execFileSync('bash', ['-o', 'pipefail', '-c', script], { cwd: folder });
}

const archive = (...args: string[]) => ['archive', '--out', join(dir, 'out'), ...args];
const of = (name: string) => ['--container', `${ID}-${name}`];
const restore = (name: string, ...args: string[]) => ['restore', join(dir, name), '--name', `${ID}-new`, ...args];

/** Each: what is given, the exit code, what the one error says, and the way out that it names. */
const table: [string, () => string[], number, RegExp, RegExp][] = [
  [
    'no arguments but an unknown command',
    () => ['archiv'],
    2,
    /There is no command "archiv"/,
    /Did you mean `perennial archive`/,
  ],
  [
    'a command named like a property',
    () => ['constructor'],
    2,
    /There is no command "constructor"/,
    /perennial --help/,
  ],
  [
    'an unknown option',
    () => archive('--contianer', 'x'),
    2,
    /Unknown option --contianer/,
    /Did you mean --container\?/,
  ],
  ['an option without its value', () => ['archive', '--out'], 2, /--out/, /usage: perennial archive/],
  ['neither container nor root directory', () => archive(), 2, /either --container or --rootfs/, /usage/],
  [
    'no such container',
    () => archive('--container', `${ID}-nobody`),
    2,
    /no container "bad-\w+-nobody"/,
    /docker ps --all/,
  ],
  [
    'a container name that is an option',
    () => archive('--container', '--privileged'),
    2,
    /container/,
    /usage|not a name/,
  ],
  ['a paused container', () => archive(...of('paused')), 1, /paused/, /.+/],
  ['no such root directory', () => archive('--rootfs', join(dir, 'nowhere')), 2, /nowhere" does not exist/, /.+/],
  ['out exists', () => ['archive', ...of('service'), '--out', bag], 2, /bag exists already/, /another folder/],
  [
    'out cannot be made',
    () => ['archive', ...of('service'), '--out', join(dir, 'no-baseline/bag')],
    1,
    /Cannot write/,
    /another place/,
  ],
  [
    'no such context',
    () => archive(...of('service'), '--context', join(dir, 'nowhere')),
    2,
    /no readable Dockerfile/,
    /--context/,
  ],
  [
    'a context without Dockerfile',
    () => archive(...of('service'), '--context', join(dir, 'no-dockerfile')),
    2,
    /no readable Dockerfile/,
    /--dockerfile/,
  ],
  [
    'a Dockerfile that is a folder',
    () => archive(...of('service'), '--context', join(dir, 'directory-dockerfile')),
    2,
    /no readable Dockerfile/,
    /--dockerfile/,
  ],
  [
    'an unknown YAML key',
    () => archive(...of('service'), '--context', join(dir, 'typo')),
    2,
    /perennial.yml:1: .*quiese/,
    /quiesce/,
  ],
  [
    'a YAML value of the wrong type',
    () => archive(...of('service'), '--context', join(dir, 'wrong-key')),
    2,
    /perennial.yml:[12]/,
    /.+/,
  ],
  [
    'no such configuration',
    () => archive(...of('service'), '--config', join(dir, 'nowhere.yml')),
    2,
    /nowhere.yml cannot be read/,
    /.*/,
  ],
  [
    'a quiesce command that fails',
    () => archive(...of('service'), '--context', join(dir, 'failing-quiesce')),
    1,
    /"exit 7" ended with exit code 7/,
    /nothing was archived/,
  ],
  [
    'a baseline that is none',
    () => archive(...of('service'), '--baseline', join(dir, 'no-baseline')),
    2,
    /no-baseline cannot be read/,
    /perennial baseline/,
  ],
  [
    'a baseline of a container that does not run',
    () => ['baseline', ...of('stopped'), '--out', join(dir, 'out')],
    2,
    /does not run/,
    /start it/,
  ],
  [
    'a baseline file that cannot be written',
    () => ['baseline', ...of('service'), '--out', join(dir, 'no-baseline/b')],
    1,
    /Cannot write .*no-baseline\/b/,
    /.+/,
  ],
  [
    'an unknown engine',
    () => archive(...of('service'), '--engine', 'lxc'),
    2,
    /Unknown engine "lxc"/,
    /docker or podman/,
  ],
  ['no such bag', () => ['verify', join(dir, 'nowhere')], 2, /no bag at/, /.+/],
  ['not a bag', () => ['verify', join(dir, 'typo')], 2, /is not a bag/, /.+/],
  ['a file that is no bag', () => ['verify', join(dir, 'no-baseline')], 2, /no-baseline/, /.+/],
  ['a bag of a newer schema', () => restore('newer'), 2, /schema|99/, /newer/],
  ['a truncated payload', () => restore('truncated'), 2, /payload\.tar\.zst/, /another copy/],
  ['a flipped byte', () => restore('flipped'), 2, /changed file data\/payload\.tar\.zst/, /another copy/],
  ['a missing file', () => restore('missing'), 2, /missing file data\/files\.ndjson\.zst/, /another copy/],
  ['a forged payload', () => restore('forged'), 2, /\/srv\/data: the content in the payload/, /another copy/],
  [
    'a forged payload, looked at',
    () => ['verify', '--deep', join(dir, 'forged')],
    2,
    /\/srv\/data: the content/,
    /another/,
  ],
  [
    'an unknown base image',
    () => restore('bag', '--base', 'localhost/perennial-nothing:1'),
    2,
    /perennial-nothing:1" is not here/,
    /--base/,
  ],
  ['a base name that is an option', () => restore('bag', '--base=--privileged'), 2, /--privileged/, /.*/],
  ['no name', () => ['restore', join(dir, 'bag')], 2, /--name is missing/, /usage: perennial restore/],
  [
    'a name that is taken',
    () => ['restore', bag, '--name', `${ID}-service`, '--base', TAG],
    2,
    /is a container "bad-\w+-service" already/,
    /Choose another --name/,
  ],
  [
    'a name that no container can have',
    () => ['restore', bag, '--name', 'a/b c', '--base', TAG],
    2,
    /a\/b c/,
    /letters/,
  ],
  [
    'a report folder that cannot be made',
    () => restore('bag', '--base', TAG, '--report', join(dir, 'no-baseline/r')),
    2,
    /report/,
    /--report/,
  ],
  [
    'no such smoke file',
    () => restore('bag', '--smoke', join(dir, 'nowhere.yml')),
    2,
    /nowhere.yml cannot be read/,
    /.*/,
  ],
  ['plan of a bag that is damaged', () => ['plan', join(dir, 'flipped')], 2, /changed file/, /another copy/],
  [
    'a plan in two forms',
    () => ['plan', join(dir, 'bag'), '--json', '--shell'],
    2,
    /--json and --shell/,
    /one of them/,
  ],
  ['explain of nothing', () => ['explain'], 2, /Give a bag or --container/, /usage/],
  [
    'explain of no such container',
    () => ['explain', '--container', 'no-such'],
    2,
    /no container "no-such"/,
    /ps --all/,
  ],
];

test.each(table)('%s: one clear error, and nothing is left', async (_, args, code, message, hint) => {
  const ended = await runPerennial(args());
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).toMatch(hint);
  expect(ended.stderr).not.toMatch(/defect|\n\s+at /);
  expect(ended.stderr.match(/^error: /gm)).toHaveLength(1);
  expect(ended.stdout).toBe('');
  expect(ended.code).toBe(code);
  expect(readdirSync(dir).sort()).toEqual(files);
  expect(engineState(ID)).toEqual(before);
});

test('that the manifests of a forged bag are right', async () => {
  expect(await runPerennial(['verify', join(dir, 'forged')])).toMatchObject({ code: 0 });
});

test('an engine that is down', async () => {
  for (const args of [
    archive(...of('service')),
    restore('bag'),
    ['baseline', ...of('service'), '--out', join(dir, 'b')],
  ]) {
    const ended = await runPerennial([...args, '--engine', 'docker'], {
      env: { DOCKER_HOST: 'unix:///nonexistent.sock' },
    });
    expect(ended.stderr).toMatch(/docker does not answer: .*unix:\/\/\/nonexistent\.sock/);
    expect(ended.stderr).toMatch(/set DOCKER_HOST/);
    expect(ended.code).toBe(2);
  }
  expect(readdirSync(dir).sort()).toEqual(files);
});

describe('a context that may not be read', () => {
  test('is one clear error', async () => {
    const folder = context('secret-context', { Dockerfile: 'FROM debian:trixie\nCOPY app /app\n', app: 'x' });
    chmodSync(join(folder, 'app'), 0o000);
    chmodSync(dir, 0o755);
    const user = process.getuid?.() === 0 ? { user: 'perennial-tests' } : {};
    const out = join(folder, 'out');
    chmodSync(folder, 0o777);
    const ended = await runPerennial(['archive', ...of('service'), '--context', folder, '--out', out], user);
    expect(ended.stderr).toMatch(/app/);
    expect(ended.stderr).not.toMatch(/defect/);
    expect(ended.code).toBe(2);
    expect(existsSync(out)).toBe(false);
    rmSync(folder, { recursive: true });
  });
});
