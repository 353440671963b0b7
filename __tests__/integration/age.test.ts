import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { toolEnv } from '../../scripts/provision/paths.ts';
import { perennial, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';
import { buildTinyBag } from '../support/tiny-bag.ts';

/* Encrypted bags against the real `age` program, both ways. */

const dir = tempDir();
const path = (name: string) => join(dir, name);
/** What the command line leaves behind would be here. */
const temporary = tempDir();
const env = { TMPDIR: temporary };
let recipient: string;

function run(program: string, args: string[], input?: string): Buffer {
  return execFileSync(program, args, { env: toolEnv(), stdio: ['pipe', 'pipe', 'pipe'], ...(input ? { input } : {}) });
}

beforeAll(async () => {
  await buildTinyBag(path('tiny'));
  for (const name of ['key', 'other']) run('age-keygen', ['-o', path(`${name}.txt`)]);
  recipient = run('age-keygen', ['-y', path('key.txt')])
    .toString()
    .trim();
  await perennial(['copy', path('tiny'), path('tiny.tar.zst')]);
});

test('age opens what is encrypted here, to a key', async () => {
  await perennial(['copy', path('tiny.tar.zst'), path('ours.tar.zst.age'), '--recipient', recipient], { env });
  const plain = run('age', ['-d', '-i', path('key.txt'), path('ours.tar.zst.age')]);
  expect(plain.equals(readFileSync(path('tiny.tar.zst')))).toBe(true);
  expect(() => run('age', ['-d', '-i', path('other.txt'), path('ours.tar.zst.age')])).toThrow(/no identity matched/);
}, 120_000);

test('what age encrypted opens here, by a file and by the environment, encrypted to two keys', async () => {
  const other = run('age-keygen', ['-y', path('other.txt')])
    .toString()
    .trim();
  run('age', ['-r', other, '-r', recipient, '-o', path('theirs.tar.zst.age'), path('tiny.tar.zst')]);
  const said = await perennial(['verify', path('theirs.tar.zst.age'), '--identity-file', path('key.txt')], { env });
  expect(said).toContain('complete and unchanged: 10 files');
  const identity = { PERENNIAL_IDENTITY: readFileSync(path('other.txt'), 'utf8') };
  const lines = await perennial(['explain', path('theirs.tar.zst.age'), '/srv/data/a'], {
    env: { ...env, ...identity },
  });
  expect(lines).toContain('/srv/data/a');
}, 120_000);

test('a bag that gets another lock is the same file inside', async () => {
  const other = run('age-keygen', ['-y', path('other.txt')])
    .toString()
    .trim();
  const again = ['copy', path('ours.tar.zst.age'), path('again.tar.zst.age'), '--recipient', other];
  expect(await runPerennial(again, { env })).toMatchObject({ code: 2 });
  await perennial([...again, '--identity-file', path('key.txt')], { env });
  const plain = run('age', ['-d', '-i', path('other.txt'), path('again.tar.zst.age')]);
  expect(plain.equals(readFileSync(path('tiny.tar.zst')))).toBe(true);
}, 120_000);

test('passphrases, both ways (age asks for them on a terminal)', async () => {
  const typed = (command: string, times: number) =>
    run('script', ['-qec', command, '/dev/null'], 'correct horse\n'.repeat(times)).toString();
  typed(`age -p -o ${path('pass.tar.zst.age')} ${path('tiny.tar.zst')}`, 2);
  writeFileSync(path('pass.txt'), 'correct horse\n');
  await perennial(['verify', path('pass.tar.zst.age'), '--passphrase-file', path('pass.txt')], { env });
  const wrong = await runPerennial(['verify', path('pass.tar.zst.age')], {
    env: { ...env, PERENNIAL_PASSPHRASE: 'x' },
  });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('The passphrase does not open') });
}, 240_000);

test('a wrong key and a changed file are different errors, and nothing is left behind', async () => {
  const file = path('ours.tar.zst.age');
  const wrong = await runPerennial(['verify', file, '--identity-file', path('other.txt')], { env });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('None of the given identities opens') });
  const none = await runPerennial(['verify', file], { env });
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('--identity-file') });
  const bytes = readFileSync(file);
  bytes[bytes.length - 100]! ^= 1;
  writeFileSync(path('changed.tar.zst.age'), bytes);
  const changed = await runPerennial(['verify', path('changed.tar.zst.age'), '--identity-file', path('key.txt')], {
    env,
  });
  expect(changed).toMatchObject({ code: 2, stderr: expect.stringContaining('was changed or cut short') });
  expect(readdirSync(temporary).filter(name => name.startsWith('perennial-'))).toEqual([]);
}, 120_000);
