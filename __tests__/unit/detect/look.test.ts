import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { look } from '../../../src/detect/look.ts';
import type { WalkEntry } from '../../../src/detect/walk.ts';
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

const PATHS = ['etc/passwd', 'etc/apt', 'etc/missing'];

test('one command gives every path and the files that were asked for', async () => {
  const { entries, files, unreadable } = await seen(directoryTarget(tree()), PATHS);
  expect(entries.size).toBe(3006);
  expect(entries.get('/etc/passwd')).toMatchObject({ kind: 'file', size: 22 });
  expect(files.below('/')).toEqual(['/etc/apt/x y', '/etc/passwd']);
  expect(files.text('/etc/passwd')).toBe('root:x:0:0::/:/bin/sh\n');
  expect(unreadable).toEqual([]);
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
    `printf 'd755 0 0 1 1 1.0 1.0 /x\\0\\0\\0\\0'; echo 'sh: 1: tar: not found' >&2; exit 127`,
    'image-unsuitable',
  ],
  ['it is cut off in a record', `printf 'd755 0 0 1 1 1.0 1.0 /x'; exit 137`, 'engine-failed'],
  ['it is cut off before the files', `printf 'd755 0 0 1 1 1.0 1.0 /x\\0\\0'; exit 137`, 'engine-failed'],
  ['find fails', `printf 'd755 0 0 1 1 1.0 1.0 /x\\0\\0\\0\\0'; tar -c -T /dev/null; exit 2`, 'engine-failed'],
])('%s: %s', async (_, script, code) => {
  const target = directoryTarget(tempDir());
  const spoilt: Target = {
    ...target,
    execStream: (_argv, options) => target.execStream(['sh', '-c', script], options),
  };
  await expect(seen(spoilt, PATHS)).rejects.toMatchObject({ code });
});
