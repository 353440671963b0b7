import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { tempDir } from '../../support/temp-dir.ts';

const MODULE = join(import.meta.dirname, '../../../src/cli/newer-node.ts');

test('a process whose parent is killed outright ends in order', async () => {
  const dir = tempDir();
  const [child, parent, said] = ['child.mjs', 'parent.mjs', 'said'].map(name => join(dir, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(
    child,
    `import { writeFileSync } from 'node:fs';
import { endWithParent } from ${JSON.stringify(MODULE)};
endWithParent();
process.on('SIGTERM', () => { writeFileSync(${JSON.stringify(said)}, 'SIGTERM'); process.exit(); });
setTimeout(() => process.exit(), 20000);
process.stdout.write('ready');
`,
  );
  writeFileSync(
    parent,
    `import { spawn } from 'node:child_process';
spawn(process.execPath, [${JSON.stringify(child)}], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
`,
  );
  const run = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(run.stdout, 'data'); // the child is ready
  run.kill('SIGKILL');
  for (let left = 100; left > 0 && !existsSync(said); left--) await sleep(50);
  expect(readFileSync(said, 'utf8')).toBe('SIGTERM');
});

test('waiting for the end of its parent keeps no process running', async () => {
  const dir = tempDir();
  const child = join(dir, 'child.mjs');
  writeFileSync(child, `import { endWithParent } from ${JSON.stringify(MODULE)};\nendWithParent();\n`);
  const run = spawn(process.execPath, [child], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  expect(await once(run, 'exit')).toEqual([0, null]);
});
