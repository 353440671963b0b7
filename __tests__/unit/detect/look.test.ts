import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { KnownRecords } from '../../../src/detect/known-records.ts';
import { look } from '../../../src/detect/look.ts';
import { parseRecords, type WalkEntry, walkArguments } from '../../../src/detect/walk.ts';
import { directoryTarget, type Target } from '../../../src/system/target.ts';
import { tempDir } from '../../support/temp-dir.ts';

function tree(): string {
  const root = tempDir();
  mkdirSync(join(root, 'etc/apt'), { recursive: true });
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\n');
  writeFileSync(join(root, 'etc/apt/x y'), 'blank');
  writeFileSync(join(root, 'etc/apt/a.postinst'), 'nobody asks for it');
  for (let n = 0; n < 3000; n++) writeFileSync(join(root, `file-${n}`), ''); // more than one chunk of records
  return root;
}

async function seen(target: Target, paths: string[]) {
  const entries = new Map<string, WalkEntry>();
  const found = await look(target, { mounts: [], paths, onEntry: entry => entries.set(entry.path, entry) });
  return { ...found, entries };
}

async function recordsOf(root: string): Promise<Buffer> {
  const [program = '', ...args] = walkArguments(root, []);
  return execFileSync(program, args, { maxBuffer: 1 << 28 });
}

const PATHS = ['etc/passwd', 'etc/apt', 'etc/missing'];

test('one command gives every path and the files that were asked for', async () => {
  const { entries, files, unreadable } = await seen(directoryTarget(tree()), PATHS);
  expect(entries.size).toBe(3006);
  expect(entries.get('/etc/passwd')).toMatchObject({ kind: 'file', size: 22 });
  expect(files.below('/')).toEqual(['/etc/apt/x y', '/etc/passwd']);
  expect(files.text('/etc/passwd')).toBe('root:x:0:0::/:/bin/sh\n');
  expect(unreadable).toEqual([]);
});

test('what is known is not described again, and what only looks old is', async () => {
  const root = tree();
  const target = directoryTarget(root);
  const before = new KnownRecords(await recordsOf(root));
  parseRecords(await recordsOf(root), root.length, (entry, start, headEnd) => before.add(entry, start, headEnd));
  writeFileSync(join(root, 'file-7'), 'changed');
  writeFileSync(join(root, 'new'), '');
  const printed: number[] = [];
  const counting: Target = {
    ...target,
    execStream: (argv, options) => {
      const stream = target.execStream(argv, options);
      stream.stdout.on('data', chunk => printed.push(chunk.length));
      return stream;
    },
  };
  const entries = new Map<string, WalkEntry>();
  const options = { mounts: [], paths: PATHS, known: before, since: '4000000000' }; // as of a clock that was wrong
  const { files } = await look(counting, { ...options, onEntry: entry => entries.set(entry.path, entry) });
  expect(entries.size).toBe(3007);
  expect(entries.get('/file-7')).toMatchObject({ kind: 'file', size: 7 });
  expect(entries.get('/new')).toMatchObject({ kind: 'file', size: 0 });
  expect(entries.get('/etc/passwd')).toMatchObject({ kind: 'file', size: 22 });
  expect(files.below('/').length).toBe(2);
  expect(printed.reduce((a, b) => a + b, 0)).toBeLessThan((await recordsOf(root)).length * 0.8);
});

test('without a shell it takes two', async () => {
  const target = directoryTarget(tree());
  const commands: string[] = [];
  const shell = ['/nothing/sh-that-is-missing'];
  const { entries, files } = await seen(
    {
      ...target,
      execStream: (argv, options) => {
        commands.push(argv[0]!);
        // As an engine does it: 127 when a program is not there.
        return argv[0] === 'sh'
          ? target.execStream(['sh', '-c', `exec ${shell[0]}`], options)
          : target.execStream(argv, options);
      },
    },
    PATHS,
  );
  expect(commands).toEqual(['sh', 'find', 'tar']);
  expect([entries.size, files.below('/').length]).toEqual([3006, 2]);
});

test.each([
  ['find is not GNU find', `echo "find: unrecognized: -printf" >&2; printf '\\0\\0'; exit 1`, 'image-unsuitable'],
  [
    'tar is missing',
    `printf '1.0 /x\\0d755 0 0 1 1 1.0\\0\\0\\0'; echo 'sh: 1: tar: not found' >&2; exit 127`,
    'image-unsuitable',
  ],
  ['it is cut off in a record', `printf '1.0 /x'; exit 137`, 'engine-failed'],
  ['it is cut off before the files', `printf '1.0 /x\\0d755 0 0 1 1 1.0\\0'; exit 137`, 'engine-failed'],
  ['find fails', `printf '1.0 /x\\0d755 0 0 1 1 1.0\\0\\0\\0'; tar -c -T /dev/null; exit 2`, 'engine-failed'],
])('%s: %s', async (_, script, code) => {
  const target = directoryTarget(tempDir());
  const spoilt: Target = {
    ...target,
    execStream: (_argv, options) => target.execStream(['sh', '-c', script], options),
  };
  await expect(seen(spoilt, PATHS)).rejects.toMatchObject({ code });
});
