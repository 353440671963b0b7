import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { openBag } from '../../src/bag/open-bag.ts';
import { readTar } from '../../src/bag/tar-reader.ts';
import { loadIndex } from '../../src/restore/load-index.ts';
import { buildOwned, engine, removeOwned } from '../support/engine-state.ts';
import { perennial, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(300_000);

const ID = `moving-${randomBytes(3).toString('hex')}`;
const dir = tempDir();
/** Waits until the tar of the payload reads /srv/a, and has it stand still meanwhile. */
const whileRead = (script: string) =>
  `until tar=$(grep -lsx tar /proc/[0-9]*/comm | head -1) && tar=\${tar%/comm} && ls -l "$tar/fd" 2>/dev/null | grep -q ' /srv/a$'; do :; done; kill -STOP "\${tar#/proc/}"; ${script}; kill -CONT "\${tar#/proc/}"`;
const FILL =
  'mkdir -p /srv/mail/new /srv/mail/cur; head -c 300M /dev/urandom > /srv/a; echo precious > /srv/mail/new/1';

beforeAll(() => buildOwned(ID, `${ID}:base`, ['FROM debian:trixie']));
afterAll(() => removeOwned(ID));

function start(name: string, script: string): string {
  const container = `${ID}-${name}`;
  engine(['run', '-d', '--name', container, `${ID}:base`, 'bash', '-c', script]);
  return container;
}

async function until(container: string, script: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (engine(['exec', container, 'sh', '-c', `${script} && echo yes || :`]) !== '') return;
    await sleep(100);
  }
  throw new Error(`${script} did not come true`);
}

test('a mail that is moved while it is to be read is in the archive, where it is then', async () => {
  const container = start(
    'mail',
    `${FILL}; touch /srv/full; ${whileRead('mv /srv/mail/new/1 /srv/mail/cur/1:2,S')}; sleep infinity`,
  );
  await until(container, 'test -e /srv/full');
  const bag = join(dir, 'mail');
  const ended = await runPerennial(['archive', '--container', container, '--out', bag]);
  expect(ended).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('1 files were moved or replaced while they were read'),
  });
  const index = await loadIndex(await openBag(bag));
  expect([index.get('/srv/mail/cur/1:2,S')?.disposition, index.has('/srv/mail/new/1')]).toEqual(['keep', false]);
});

test('a file that gets the inode of one that was read before is not taken for it', async () => {
  // tar tells files by their inodes, and has read those of /srv/0 when it reads /srv/a. The system gives inodes again that are free: other tests get some
  // of two hundred, not all.
  const inodes = (place: string) => `find ${place} -type f -printf '%i %p\\n' | sort`;
  const replace = [
    `${inodes('/srv/0')} > /tmp/before`,
    'rm /srv/0/*',
    'for n in $(seq 2000); do echo "new $n" > /srv/t$n; done',
    `${inodes("/srv -name 't*'")} > /tmp/after`,
    'f=$(join -o 2.2 /tmp/before /tmp/after | head -n 1)',
    '[ -z "$f" ] || mv "$f" /srv/z',
    'rm -f /srv/t*',
  ].join('; ');
  const files = `${FILL}; mkdir /srv/0; for n in $(seq 200); do echo old > /srv/0/$n; done; echo first > /srv/z; touch /srv/full`;
  const container = start('inode', `${files}; ${whileRead(replace)}; sleep infinity`);
  await until(container, 'test -e /srv/full');
  const bag = join(dir, 'inode');
  const ended = await runPerennial(['archive', '--container', container, '--out', bag]);
  expect(engine(['exec', container, 'cat', '/srv/z'])).toMatch(/^new /); // there was such an inode
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('moved or replaced while they were read') });
  const entry = (await loadIndex(await openBag(bag))).get('/srv/z');
  const digest = engine(['exec', container, 'sha256sum', '/srv/z']).slice(0, 64);
  expect([entry?.hardlink, entry?.sha256]).toEqual([undefined, digest]);
});

test('what changed or came while others were read is told, and what only grows or is left is not', async () => {
  const files = `${FILL}; mkdir /srv/store; echo 1 > /srv/store/table; echo 1 > /srv/store/index; echo 1 > /var/log/lab.log`;
  // One after the other, as a program with two files does: each is sound, and they are of different moments.
  const change = `echo 2 > /srv/store/index; echo 2 >> /var/log/lab.log; echo 2 > /srv/mail/new/2; echo 2 > /tmp/2; touch /srv/changed`;
  const container = start('store', `${files}; touch /srv/full; ${whileRead(change)}; sleep infinity`);
  await until(container, 'test -e /srv/full');
  const notesOf = async (bag: string) => {
    await perennial(['archive', '--container', container, '--out', bag]);
    return (await openBag(bag)).manifest.notes.filter(each => /changed|came|removed/.test(each));
  };
  const [changed, came, ...more] = await notesOf(join(dir, 'store'));
  expect(engine(['exec', container, 'cat', '/srv/store/index'])).toBe('2\n');
  expect(changed).toMatch(/changed while others were read.*`freeze: true`.*\(1\): \/srv\/store\/index$/);
  expect(came).toMatch(/came while .* not in the archive \(2\): \/srv\/changed, \/srv\/mail\/new\/2$/);
  expect(more).toEqual([]);
  expect(await notesOf(join(dir, 'quiet'))).toEqual([]);
});

describe('freeze', () => {
  /** Two files that are never more than one write apart, each renamed into its place: a copy of two moments shows. */
  const COUNT = `${FILL}; touch /srv/full; n=0; put() { echo $n > /srv/t; mv /srv/t "$1"; }; while :; do n=$((n+1)); put /srv/0; put /srv/z; done`;

  /** What the two files hold in a bag. */
  async function counts(bag: string): Promise<number[]> {
    const found = new Map<string, number>();
    const open = await openBag(bag);
    for await (const { header, body } of readTar(open.openPayload())) {
      if (!/^srv\/[0z]$/.test(header.path)) continue;
      let text = '';
      for await (const chunk of body) text += chunk;
      found.set(header.path, Number(text));
    }
    await open.close();
    return [found.get('srv/0')!, found.get('srv/z')!];
  }

  test('all files are of one moment, and the service goes on', async () => {
    const container = start('frozen', COUNT);
    await until(container, 'test -e /srv/full && test -e /srv/z');
    const config = join(dir, 'freeze.yml');
    writeFileSync(config, 'freeze: true\n');
    const [plain, frozen] = [join(dir, 'plain'), join(dir, 'frozen')];

    const moving = await runPerennial(['archive', '--container', container, '--out', plain]);
    const [first, last] = await counts(plain);
    // tar reads one after the other: without freezing they are apart, or it is said that one of them could not be had.
    const isApart = first !== undefined && last !== undefined && last - first > 1;
    expect([isApart || /replaced|removed|changed/.test(moving.stderr), [0, 4].includes(moving.code)]).toEqual([
      true,
      true,
    ]);

    const ended = await runPerennial(['archive', '--container', container, '--out', frozen, '--config', config]);
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('Freezing the service') });
    const [one, other] = await counts(frozen);
    expect([0, 1]).toContain(one! - other!);
    await perennial(['verify', '--deep', frozen]);
    expect(engine(['inspect', '-f', '{{.State.Paused}}', container]).trim()).toBe('false');
    const now = () => Number(engine(['exec', container, 'sh', '-c', 'cat /srv/z || cat /srv/z']));
    const then = now();
    await sleep(500);
    expect(now()).toBeGreaterThan(then);
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'a run that ends by %s leaves no service frozen for long',
    async signal => {
      const container = `${ID}-frozen`;
      const config = join(dir, 'freeze.yml');
      const state = () => engine(['inspect', '-f', '{{.State.Paused}}', container]).trim();
      const out = join(dir, signal);
      let isSent = false;
      const killed = await runPerennial(['archive', '--container', container, '--out', out, '--config', config], {
        onStderr: (text, kill) => {
          if (!text.includes('Archiving') || isSent) return;
          isSent = true; // a second one ends it at once
          kill(signal);
        },
      });
      expect(killed.code).not.toBe(0);
      if (signal === 'SIGKILL') {
        expect(state()).toBe('true');
        const next = await runPerennial(['explain', '/srv/a', '--container', container]);
        expect(next.stderr).toContain('left a container frozen: it goes on');
      }
      expect(state()).toBe('false');
    },
  );
});
