import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { IndexEntry } from '../../src/bag/index-entry.ts';
import type { Manifest } from '../../src/bag/manifest.ts';
import { openBag } from '../../src/bag/open-bag.ts';
import { engine, removeOwned } from '../support/engine-state.ts';
import { perennial, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(300_000);

const ID = `bare-${randomBytes(3).toString('hex')}`;
const dir = tempDir();

/** What was done to the service: by its only program, since the image has no shell. */
const OPERATE = [
  'mkdir /www/new',
  'echo one > /www/new/a',
  '/busybox ln /www/new/a /www/new/b',
  '/busybox chown 1000:1000 /www/new/a',
  '/busybox chmod 2775 /www/kept',
  '/busybox chmod 4750 /www/mode',
  '/busybox cp -p /www/time /t; echo OTHER > /www/time; /busybox touch -r /t /www/time; /busybox rm /t',
  '/busybox rm /www/gone',
  '/busybox rm /www/folder; mkdir /www/folder; echo x > /www/folder/x',
  '/busybox mv /www/old-name /www/new-name',
  '/busybox ln -sf kept /www/link',
  "echo odd > '/www/o\\d\nd'",
  'echo volume > /data/file',
  '/busybox mkfifo /data/pipe',
  '/busybox mkdir /data/empty',
].map(line => line.replace(/(^|; )(mkdir|cp)/g, '$1/busybox $2'));

const CHANGED: Record<string, string> = {
  '/data': 'keep 0755 root:root',
  '/data/empty': 'keep 0755 root:root',
  '/data/file': 'keep 0644 root:root',
  '/data/pipe': 'keep 0644 root:root',
  '/www': 'keep 0755 root:root', // its time
  '/www/folder': 'keep 0755 root:root',
  '/www/folder/x': 'keep 0644 root:root',
  '/www/gone': 'delete 0644 root:root',
  '/www/kept': 'keep 2775 root:root',
  '/www/link': 'keep 0777 root:root',
  '/www/mode': 'keep 4750 root:root',
  '/www/new': 'keep 0755 root:root',
  '/www/new-name': 'keep 0644 root:root',
  '/www/new/a': 'keep 0644 app:app',
  '/www/new/b': 'keep 0644 app:app',
  '/www/o\\d\nd': 'keep 0644 root:root',
  '/www/old-name': 'delete 0644 root:root',
  '/www/time': 'keep 0644 root:root',
};

beforeAll(() => {
  const context = join(dir, 'context');
  for (const folder of ['etc', 'www/kept']) mkdirSync(join(context, folder), { recursive: true });
  copyFileSync('/bin/busybox', join(context, 'busybox'));
  writeFileSync(join(context, 'etc/passwd'), 'root:x:0:0::/:/none\napp:x:1000:1000::/:/none\n');
  writeFileSync(join(context, 'etc/group'), 'root:x:0:\napp:x:1000:\n');
  for (const name of ['same', 'mode', 'time', 'gone', 'folder', 'old-name', 'link'])
    writeFileSync(join(context, 'www', name), 'image\n');
  const lines = ['FROM scratch', 'COPY busybox /busybox', 'COPY etc /etc', 'COPY www /www', 'VOLUME /data'];
  const label = `LABEL perennial-test-owner=${ID}`;
  writeFileSync(join(context, 'Dockerfile'), [...lines, label, 'ENTRYPOINT ["/busybox", "sleep", "9999"]'].join('\n'));
  engine(['build', '--quiet', '--tag', `${ID}:image`, context]);
  engine(['run', '-d', '--name', `${ID}-old`, '-v', `${ID}-volume:/data`, `${ID}:image`]);
  // The engine tells times by the second: a directory changed in the second in which it was built looks the same.
  engine(['exec', `${ID}-old`, '/busybox', 'sleep', '1.1']);
  engine(['exec', '-i', `${ID}-old`, '/busybox', 'sh', '-e'], { input: `${OPERATE.join('\n')}\n` });
});

afterAll(() => removeOwned(ID));

async function archived(name: string): Promise<{ manifest: Manifest; index: Map<string, IndexEntry> }> {
  const out = join(dir, name);
  await perennial(['archive', '--container', `${ID}-old`, '--out', out, '--context', join(dir, 'context')]);
  await perennial(['verify', out]);
  const bag = await openBag(out);
  const index = new Map<string, IndexEntry>();
  for await (const entry of bag.readIndex()) index.set(entry.path, entry);
  return { manifest: bag.manifest, index };
}

describe.each(['running', 'stopped'])('a %s container of an image with neither shell nor find nor tar', state => {
  let index: Map<string, IndexEntry>;
  let manifest: Manifest;

  beforeAll(async () => {
    if (state === 'stopped') engine(['stop', '-t', '0', `${ID}-old`]);
    ({ index, manifest } = await archived(state));
  });

  test('all that was made or changed is kept, and nothing else', () => {
    const shown = [...index.values()]
      .filter(each => /^\/(data|www)/.test(each.path) && each.disposition !== 'leave')
      .map(each => [each.path, `${each.disposition} ${each.mode} ${each.user}:${each.group}`]);
    expect(Object.fromEntries(shown)).toEqual(CHANGED);
  });

  test('hard links are one file', () => {
    expect(index.get('/www/new/b')?.hardlink).toBe('/www/new/a');
  });

  test('what is lost on this way is said', () => {
    expect(manifest.notes.join('\n')).toMatch(/engine's export.*access control lists.*fractions of a second/);
  });

  test('an edit with the old time and size, which the diff misses, is kept, and the disagreement is said', () => {
    expect(manifest.notes.join('\n')).toMatch(/disagree about .*kept \(1\): \/www\/time$/m);
  });

  test('nothing is left on the engine', () => {
    expect(
      engine(['ps', '--all', '--quiet', '--filter', `label=perennial-test-owner=${ID}`])
        .trim()
        .split('\n'),
    ).toHaveLength(1);
  });
});

test('explain answers for a living container of it', async () => {
  const { stdout } = await runPerennial(['explain', '--container', `${ID}-old`, '/www/mode', '/www/same']);
  expect(stdout).toMatch(/\/www\/mode\n {2}kept: .*\n {2}rule unowned\/operation; seen by walk/);
  expect(stdout).toMatch(/\/www\/same\n {2}kept: no package ships it; made when the image was built/);
});

test('without a Dockerfile the image is archived whole, and frozen where that is asked for: its export needs no program', async () => {
  engine(['start', `${ID}-old`]);
  const [config, out] = [join(dir, 'freeze.yml'), join(dir, 'frozen')];
  writeFileSync(config, 'freeze: true\n');
  let seen = '';
  const ended = await runPerennial(['archive', '--container', `${ID}-old`, '--out', out, '--config', config], {
    onStderr: text => {
      if (seen === '' && text.includes('Archiving')) seen = engine(['inspect', '-f', '{{.State.Paused}}', `${ID}-old`]);
    },
  });
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('Freezing the service') });
  expect([seen.trim(), engine(['inspect', '-f', '{{.State.Paused}}', `${ID}-old`]).trim()]).toEqual(['true', 'false']);
  await perennial(['verify', '--deep', out]);
});
