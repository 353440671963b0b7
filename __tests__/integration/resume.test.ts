import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { findEngine } from '../../src/engine/find-engine.ts';
import { silentProgress } from '../../src/progress.ts';
import { EarlyBuild } from '../../src/restore/early-build.ts';
import { Journal } from '../../src/restore/journal.ts';
import { buildLabel } from '../../src/restore/made.ts';
import { prepare } from '../../src/restore/prepare-restore.ts';
import { buildServiceImage } from '../../src/restore/service-image.ts';
import { restoreKey } from '../../src/restore/unfinished.ts';
import { buildOwned, type EngineState, engine, engineState, removeOwned } from '../support/engine-state.ts';
import { type Ended, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(600_000);

/*
 * A restore that stops or is killed is gone on with. The service is a file, a volume and an export, which an entry in a folder of
 * the owner's own knows how to load.
 */
const ID = `resume-${randomBytes(3).toString('hex')}`;
const TAG = `${ID}:base`;
const NEW = `${ID}-new`;
const dir = tempDir();
const bag = join(dir, 'bag');
const knowledge = join(dir, 'knowledge');
let before: EngineState;
let bagDigest: string;

function writeEntry(load: string): void {
  mkdirSync(knowledge, { recursive: true });
  const entry = {
    id: 'tinyd',
    title: 'Tiny',
    recognise: { files: ['/etc/tinyd.conf'] },
    exports: [
      {
        id: 'dump',
        why: 'only the old program can write it',
        source: 'this test',
        run: 'echo exported',
        file: 'tiny.dump',
        load,
      },
    ],
    differences: [
      {
        id: 'greeting',
        why: 'the new program greets first',
        source: 'this test',
        package: 'base-files',
        run: { at: 'after-load', script: 'echo once >> /srv/loads' },
        example: '1 -> 2',
      },
    ],
  };
  writeFileSync(join(knowledge, 'tinyd.yml'), JSON.stringify(entry));
}

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, withFileTypes: true })
    .map(each => join(each.parentPath, each.name))
    .sort())
    hash.update(name).update(readOrEmpty(name));
  return hash.digest('hex');
}

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0); // a folder
  }
}

const LOAD = 'cat > /srv/loaded; sleep 1; echo loaded >> /srv/loads';

beforeAll(async () => {
  buildOwned(ID, TAG, ['FROM debian:trixie', 'VOLUME /srv/volume']);
  engine(['run', '-d', '--name', `${ID}-service`, TAG, 'sleep', 'infinity']);
  const operate =
    'echo precious > /srv/volume/data; chown 1234 /srv/volume/data; mkdir -p /srv/d; echo "# lab" >> /etc/bash.bashrc; ln /etc/bash.bashrc /srv/d/hard; touch -d 2001-02-03 /srv/d; echo x > /etc/tinyd.conf';
  engine(['exec', `${ID}-service`, 'sh', '-c', operate]);
  writeEntry(LOAD);
  const args = [
    'archive',
    '--container',
    `${ID}-service`,
    '--out',
    bag,
    '--knowledge',
    knowledge,
    '--start',
    'sleep 2; : > /srv/started',
  ];
  expect(await runPerennial(args)).toMatchObject({ code: 0 });
  engine(['rm', '-f', '-v', `${ID}-service`]);
  before = engineState(ID);
  bagDigest = digestOf(bag);
});

/** A test that failed must not be the cause of the next one's end. */
afterEach(() => {
  for (const args of [
    ['rm', '-f', '-v', NEW],
    ['volume', 'rm', `${NEW}-srv-volume`],
    ['rmi', `perennial/${NEW}:restored`],
  ])
    spawnSync('docker', args);
});
afterAll(() => removeOwned(ID));

function restore(...options: string[]): string[] {
  return ['restore', bag, '--name', NEW, '--base', TAG, '--knowledge', knowledge, '--keep', ...options];
}

const inside = (script: string) => engine(['exec', NEW, 'sh', '-c', script]).trim();

/** Everything that was archived is there, each step was done once, and nothing of the restore itself is left. */
function expectRestored(ended: Ended, loads = 1): void {
  expect(ended).toMatchObject({ code: 0 });
  expect(inside('cat /srv/volume/data /etc/tinyd.conf /srv/loaded')).toBe('precious\nx\nexported');
  expect(inside('stat -c "%u %n" /srv/volume/data; stat -c %y /srv/d | cut -c1-10')).toBe(
    '1234 /srv/volume/data\n2001-02-03',
  );
  // Another name of a file that is merged with today's is a name of what comes out.
  expect(inside('[ /etc/bash.bashrc -ef /srv/d/hard ] && tail -n 1 /srv/d/hard')).toBe('# lab');
  expect(inside('cat /srv/loads').split('\n')).toEqual([...Array(loads).fill('loaded'), 'once']);
  expect(inside('ls -d /var/lib/perennial-unfinished /srv/started 2>/dev/null || :')).toBe('/srv/started');
  expect(digestOf(bag)).toBe(bagDigest);
  const { containers, volumes } = engineState(ID);
  expect(containers).toEqual([NEW]);
  expect(volumes).toEqual([`${NEW}-srv-volume`]);
}

function removeRestored(): void {
  engine(['rm', '-f', '-v', NEW]);
  engine(['volume', 'rm', `${NEW}-srv-volume`]);
  engine(['rmi', `perennial/${NEW}:restored`]);
  expect(engineState(ID)).toEqual(before);
}

test('a step that fails stops the restore, says what is done and what not, and how to go on', async () => {
  writeEntry('echo "this dump is of a version that I do not know" >&2; exit 3');
  const report = join(dir, 'report');
  const stopped = await runPerennial(restore('--report', report));
  expect(stopped.code).toBe(1);
  const said = stopped.stderr.slice(stopped.stderr.indexOf('error:'));
  expect(said).toMatch(
    /error: The restore stopped at "Loading logical exports"\. Loading tinyd\/tiny\.dump failed \(exit code 3\): this dump is of/,
  );
  expect(said).toMatch(/Done: Building the image; .*Reading back what was put back/);
  expect(said).toMatch(
    /Not done: Loading logical exports; Starting the service; Comparing accounts, processes and inventories; Asking the smoke tests/,
  );
  expect(said).toMatch(
    new RegExp(`The container ${NEW} is kept. Mend the cause, then give the same command with --resume`),
  );
  const journal = JSON.parse(readFileSync(join(report, 'journal.json'), 'utf8'));
  expect(journal).toMatchObject({
    at: 'Loading logical exports',
    left: ['Starting the service', 'Comparing accounts, processes and inventories', 'Asking the smoke tests'],
  });
  const page = readFileSync(join(report, 'index.html'), 'utf8');
  for (const part of [
    'Not restored: stopped at &quot;Loading logical exports&quot;',
    'stopped here',
    'Not done: Loading logical exports; Starting the service',
    `The container ${NEW} is kept.`,
  ])
    expect(page).toContain(part);
  expect(readFileSync(join(report, 'summary.txt'), 'utf8')).toMatch(
    /^Not restored\. .*Loading tinyd\/tiny\.dump failed/,
  );

  const refused = await runPerennial(restore());
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--resume goes on with it') });

  const id = engine(['inspect', '-f', '{{.Id}}', NEW]);
  writeEntry(LOAD);
  expectRestored(await runPerennial(restore('--resume', '--report', report)));
  expect(engine(['inspect', '-f', '{{.Id}}', NEW])).toBe(id);
  const { entries, at } = JSON.parse(readFileSync(join(report, 'journal.json'), 'utf8'));
  expect(at).toBeNull();
  expect(entries.filter((each: { rule: string }) => each.rule === 'state/proof')).toHaveLength(1);

  const again = await runPerennial(restore('--resume'));
  expect(again).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is finished: there is nothing to go on with'),
  });
  removeRestored();
});

test('killed at every stage and run again, it ends as if nothing had been', async () => {
  writeEntry(LOAD);
  const stages = [/Building the image/, /Putting the Mutable/, /Loading logical/, /Starting the service/];
  for (const words of stages) {
    let sent = false;
    const killed = await runPerennial(restore('--resume'), {
      onStderr(text, kill) {
        if (sent || !words.test(text)) return;
        sent = true;
        setTimeout(() => kill('SIGKILL'), 200);
      },
    });
    expect({ words, code: killed.code }).toEqual({ words, code: 1000 });
  }
  // A load that was cut off is done again from its beginning.
  expectRestored(await runPerennial(restore('--resume')), 2);
  removeRestored();
});

test('without --keep nothing stays of a restore that stopped, and that is said', async () => {
  writeEntry('exit 3');
  const stopped = await runPerennial(restore().filter(word => word !== '--keep'));
  expect(stopped).toMatchObject({ code: 1, stderr: expect.stringContaining('with --keep it stays') });
  expect(engineState(ID)).toEqual(before);
});

/** A build that was begun before the plan was there, and what the plan came to ask for instead. */
test('of a build that was begun too early the layers that the plan has too are used, and nothing else stays', async () => {
  const lines: string[] = [];
  const progress = { ...silentProgress, detail: (line: string) => void lines.push(line) };
  const options = { engine: await findEngine('docker'), bag, base: TAG, name: NEW, progress };
  const prepared = await prepare({ ...options, knowledge });
  const guessed = (text: string) => ({
    ...prepared,
    plan: { ...prepared.plan, dockerfile: { ...prepared.plan.dockerfile, text: `FROM ${TAG}\n${text}\n` } },
  });
  const common = 'RUN date +%N > /srv/stamp && cat /srv/stamp';
  const guess = guessed(`${common}\nRUN touch /srv/guess; sleep 60`);
  const plan = guessed(`${common}\nRUN touch /srv/plan`);
  const [other, same] = [new EarlyBuild(options), new EarlyBuild(options)];
  try {
    await other.begin(guess);
    while (!lines.some(line => line.includes('sleep 60'))) await sleep(50);
    const label = buildLabel(await restoreKey(guess), NEW);
    const names = { tag: `perennial/${NEW}:restored`, label, labels: {} };
    const image = await buildServiceImage({ ...options, keep: true }, plan, names, new Journal(silentProgress), {
      build: other,
      key: await restoreKey(plan),
    });
    const files = engine(['run', '--rm', image, 'sh', '-c', 'cat /srv/stamp; ls /srv']).split('\n');
    expect(lines).toContain(files[0]);
    expect(files).toEqual(expect.arrayContaining(['plan']));
    expect(files).not.toContain('guess');
    expect(lines.filter(line => /^\d+$/.test(line))).toEqual([files[0]]); // the common step ran once
    engine(['rmi', names.tag]);
    await other.discard();

    await same.begin(plan);
    const taken = await same.settle(await restoreKey(plan));
    expect(engine(['run', '--rm', taken!.image!, 'ls', '/srv'])).toContain('plan');
  } finally {
    await Promise.all([other.discard(), same.discard()]);
    await prepared.bag.close();
  }
  expect(engineState(ID)).toEqual(before);
});
