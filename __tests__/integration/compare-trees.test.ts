import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { compareTrees } from '../support/compare-trees.ts';

/** Builds the reference tree in $T: one path for every attribute that can differ. Needs root (owners, devices). */
const BUILD = `set -e; cd "$T"; umask 022
mkdir -p etc dir; printf 'root:x:0:0::/:/bin/sh\\nalice:x:1001:1001::/:/bin/sh\\n' > etc/passwd
printf 'root:x:0:\\nlab:x:2001:\\n' > etc/group
echo 'measured 42' > file; ln -s file link; ln file second; echo other > apart; mkfifo fifo; mknod dev c 1 3
truncate -s 8M sparse; echo x > $'odd\\n\\xff'
setfattr -n user.note -v one file; setfacl -m u:1001:r file; setfacl -d -m g:2001:rx dir
cp /bin/true cap; setcap cap_net_raw+ep cap; chown 1001:2001 file
touch -h -d '2021-03-04 05:06:07.123456789' etc etc/passwd etc/group dir file link apart fifo dev sparse cap .`;

/** One change to the second tree, and the lines that must come of it: exactly these. */
const CASES: [what: string, change: string, ...expected: string[]][] = [
  ['nothing', ':'],
  ['mode', 'chmod 2755 dir', '/dir: mode: 0755 != 2755'],
  ['owner', 'chown 0 apart; chown 1001 apart', '/apart: owner: 0 != 1001'],
  ['group', 'chgrp 2001 dir', '/dir: group: 0 != 2001'],
  ['size and content', 'printf more >> apart', '/apart: size: 6 != 10', '/apart: content: '],
  ['content alone', 'printf Other > apart; printf "\\n" >> apart', '/apart: content: '],
  [
    'mtime by one nanosecond',
    "touch -d '2021-03-04 05:06:07.123456788' apart",
    '/apart: mtime: 1614834367.123456789 != 1614834367.123456788',
  ],
  [
    'mtime of a link',
    "touch -h -d '2021-03-04 05:06:07' link",
    '/link: mtime: 1614834367.123456789 != 1614834367.000000000',
  ],
  [
    'xattr',
    'setfattr -n user.note -v two file',
    '/file: xattrs: user.note=0x6f6e65 != user.note=0x74776f',
    '/second: xattrs: ',
  ],
  ['no xattr', 'setfattr -x user.note file', '/file: xattrs: user.note=0x6f6e65 != (none)', '/second: xattrs: '],
  ['capability', 'setcap cap_net_admin+ep cap', '/cap: xattrs: security.capability='],
  ['acl', 'setfacl -n -m u:1001:w file', '/file: acl: ', '/second: acl: '],
  ['default acl', 'setfacl -d -m g:2001:r dir', '/dir: defaultAcl: '],
  ['link target', 'ln -sfn apart link', '/link: target: file != apart'],
  ['type', 'rm fifo; echo > fifo', '/fifo: type: fifo != file', '/fifo: size: ', '/fifo: content: '],
  [
    'hard link split',
    'cp -a second x; mv x second',
    '/file: hardLinks: /second != (none)',
    '/second: hardLinks: /file != (none)',
  ],
  ['sparseness', 'cp --sparse=never sparse x; mv x sparse', '/sparse: allocated: 0 != '],
  ['device numbers', 'rm dev; mknod dev c 1 5', '/dev: device: 1,3 != 1,5'],
  ['a path less', 'rm -r dir', '/dir: exists: yes != no'],
  ['a path more', 'touch new', '/new: exists: no != yes'],
  ['odd bytes in a name', 'chmod 600 odd*', '/odd\\x0a\\xff: mode: 0644 != 0600'],
];

/** Times of what a change touches by the way are put back, so that each case differs in just its attribute. */
const SETTLE = `touch -h -r "$A" "$T"; cd "$T"; for f in *; do [ -e "$A/$f" ] || [ -L "$A/$f" ] || continue
case "$KEEP" in *" $f "*) ;; *) touch -h -r "$A/$f" "$f";; esac; done`;

let work: string;
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'compare-trees-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

function pair(name: string, change: string): [string, string] {
  const a = join(work, `${name}-a`);
  const b = join(work, `${name}-b`);
  execFileSync('mkdir', ['-p', a]);
  execFileSync('bash', ['-c', BUILD], { env: { ...process.env, T: a } });
  execFileSync('cp', ['-a', '--sparse=always', a, b]);
  const keep = change.includes('touch -h -d') ? ' link ' : change.includes('touch -d') ? ' apart ' : '';
  execFileSync('bash', ['-c', `cd "$T"; ${change}; ${SETTLE}`], { env: { ...process.env, T: b, A: a, KEEP: keep } });
  return [a, b];
}

describe('compareTrees reports a difference in just this attribute', () => {
  test.each(CASES)('%s', (what, change, ...expected) => {
    const found = compareTrees(...pair(what.replaceAll(' ', '-'), change));
    expect(found).toHaveLength(expected.length);
    for (const [at, start] of expected.entries()) expect(found[at]).toMatch(new RegExp(`^${RegExp.escape(start)}`));
  });
});

test('owners go by name when both trees are root file systems', () => {
  const [a, b] = pair(
    'names',
    "sed -i 's/1001/1007/' etc/passwd; chown -h 1007 file; setfacl -x u:1001 file; setfacl -m u:1007:r file",
  );
  const ignore = ['content', 'size', 'mtime'] as const;
  expect(compareTrees(a, b, { rootfs: true, ignore: [...ignore] })).toEqual([]);
  expect(compareTrees(a, b, { accounts: [a, b], ignore: [...ignore] })).toEqual([]);
  expect(compareTrees(a, b, { ignore: [...ignore] })).toContain('/file: owner: 1001 != 1007');
  expect(compareTrees(b, b, { rootfs: true })).toEqual([]);
});

test('an id without a name is told apart from a name', () => {
  const [a, b] = pair('nameless', "sed -i '/alice/d' etc/passwd");
  expect(compareTrees(a, b, { rootfs: true, exclude: ['/etc'] })).toContain('/file: owner: alice != #1001');
});

test('the command line exits 1 and prints the lines when trees differ, 2 when one is missing', () => {
  const [a, b] = pair('cli', 'chmod 700 dir');
  const script = join(import.meta.dirname, '../../scripts/compare-trees.ts');
  const run = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  expect(run(a, b)).toMatchObject({ status: 1, stdout: '/dir: mode: 0755 != 0700\n' });
  expect(run('--ignore', 'mode', a, b)).toMatchObject({ status: 0, stdout: '' });
  expect(run(a, join(work, 'nowhere')).status).toBe(2);
});
