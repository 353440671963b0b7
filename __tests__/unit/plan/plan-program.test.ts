import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Plan } from '../../../src/plan/plan.ts';
import { planProgram } from '../../../src/plan/plan-program.ts';
import { waitingCommand } from '../../../src/plan/waiting-command.ts';
import { shellWord, shellWords } from '../../../src/system/shell-quote.ts';
import { tempDir } from '../../support/temp-dir.ts';

/* Carried out by sh on a folder whose restore.sh prints what it got; integration/samba-round-trip.test.ts has a real one. */

const os = (prettyName: string) => ({ id: 'debian', idLike: [], versionId: '', codename: '', prettyName });
const run = (script: string, user?: string) => ({ at: 'after-state' as const, script, ...(user ? { user } : {}) });
const DOCKERFILE = "FROM debian:trixie\nRUN <<END\ntrue\nEND\nEND_\n$(exit 7) `exit 7` 'quoted' \\\n";
const plan = {
  service: 'lab\nrm -rf /',
  base: 'debian:trixie',
  from: os('Debian 11'),
  to: os('Debian 13'),
  substitutions: [{ stem: 'php', old: '7.4', new: '8.4' }],
  versions: { 'roundcube-core': '1.4.15+dfsg.1-1+deb11u4', zsh: '5.8-6' },
  install: ['zsh', 'acl', 'zsh'],
  demoted: [],
  remove: [],
  purge: [],
  dockerfile: { text: DOCKERFILE, generated: false, diff: '', buildArgs: {}, context: {} },
  start: { old: '', today: '' },
  main: { old: [], today: [] },
  holds: [],
  differences: [
    { service: 'a', difference: { id: 'first', why: 'it ends early', run: run('exit 0') } },
    { service: 'a', difference: { id: 'second', why: 'it is asked', run: run("echo 'php' $PERENNIAL_NEW_PHP") } },
    {
      service: 'b',
      difference: { id: 'third', why: 'asks', run: run('printf %s "$PERENNIAL_OLD_PACKAGES" | sed -n "s/^zsh //p"') },
    },
  ],
  steps: [{ stage: 'base', what: 'start\nexit 7', why: 'x', rule: 'y' }],
  notes: ['look\nexit 7'],
} as unknown as Plan;

const PRINTS =
  'cd "$(dirname "$0")"; echo "$1 $2"; cat Dockerfile restore/packages; ls data; sh restore/after-state.sh\n';

function bag(program = PRINTS): string {
  const folder = tempDir();
  mkdirSync(join(folder, 'restore'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'restore/apply.sh'), 'echo apply "$@"\n');
  writeFileSync(join(folder, 'restore.sh'), program);
  writeFileSync(join(folder, 'data/facts'), '');
  const digest = createHash('sha256').update(program).digest('hex');
  writeFileSync(join(folder, 'manifest-sha256.txt'), `${digest}  restore.sh\n`);
  writeFileSync(join(folder, 'tagmanifest-sha256.txt'), '');
  return folder;
}

test("runs the bag's program with today's Dockerfile, packages and entries, beside the bag", () => {
  const folder = bag();
  const before = readdirSync(folder, { recursive: true });
  const said = execFileSync('sh', ['-c', planProgram(plan, []), 'plan.sh', folder, 'new'], { encoding: 'utf8' });
  expect(said).toBe(`new debian:trixie\n${DOCKERFILE}acl\nzsh\nfacts\nphp 8.4\n5.8-6\n`);
  expect(readdirSync(folder, { recursive: true })).toEqual(before);
});

test('builds and starts with the names of today, and says what is moved and held', () => {
  const start = (version: string) => `service php${version}-fpm start; echo 'a\\1&'`;
  const folder = bag(`cd "$(dirname "$0")"
start=${shellWord(start('7.4'))}
build_image() {
  echo build data/rebuild
}
start_container() {
  echo ${shellWords(waitingCommand(['php-fpm7.4', '-F']))}
}
printf '%s\\n' "$start"
start_container | tail -c 14
build_image
cat context/a/x.conf context/y restore/names restore/holds restore/moves.sed
`);
  mkdirSync(join(folder, 'data/rebuild/a'), { recursive: true });
  writeFileSync(join(folder, 'data/rebuild/a/x.conf'), 'php7.4');
  writeFileSync(join(folder, 'data/rebuild/y'), 'same\n');
  const moved: Plan = {
    ...plan,
    dockerfile: { ...plan.dockerfile, context: { 'a/x.conf': 'php8.4 \xc3\xa9\n', '../../x': 'php8.4' } },
    start: { old: start('7.4'), today: start('8.4') },
    main: { old: ['php-fpm7.4', '-F'], today: ['php-fpm8.4', '-F'] },
    holds: ['php8.4-fpm', '$(x)'],
  };
  const program = planProgram(moved, [{ from: '/etc/php/7.4', to: '/etc/php/8.4' }]);
  const said = execFileSync('sh', ['-c', program, 'plan.sh', folder, 'new'], { encoding: 'utf8' });
  expect(said.split('\n')).toEqual([
    start('8.4'),
    'php-fpm8.4 -F',
    'build context',
    'php8.4 é',
    'same',
    'php\t7.4\t8.4',
    'php8.4-fpm',
    's,^(\\.?/?)etc/php/7\\.4(/|$),\\1etc/php/8.4\\2,',
    '',
  ]);
  expect(readFileSync(join(folder, 'data/rebuild/a/x.conf'), 'utf8')).toBe('php7.4');
});

test('refuses a damaged bag, and a folder that is none', () => {
  const folder = bag();
  writeFileSync(join(folder, 'restore.sh'), 'exit 0');
  const sh = (...args: string[]) =>
    spawnSync('sh', ['-c', planProgram(plan, []), 'plan.sh', ...args], { encoding: 'utf8' });
  expect(sh(folder, 'new')).toMatchObject({ status: 1, stdout: expect.stringContaining('restore.sh: FAILED') });
  expect(sh(tempDir(), 'new')).toMatchObject({ status: 1, stderr: expect.stringMatching(/^usage: /) });
});
