import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packBag } from '../../src/bag/pack-bag.ts';
import { parseHistory } from '../../src/drill/history.ts';
import { runWorkflow } from '../support/act.ts';
import { ArtifactService } from '../support/artifact-service/artifact-service.ts';
import { removeNamed } from '../support/engine-state.ts';
import { perennial } from '../support/run-perennial.ts';

const repository = join(import.meta.dirname, '../..');
const NAME = 'perennial-e2e-sums';
const GOOD = 'debian:trixie';
/** A base that has lost the package that the service lives on. */
const BAD = 'perennial/e2e-without-mawk';
const folder = mkdtempSync(join(tmpdir(), 'drill-'));
let service: ArtifactService;
/** Identity of age: a secret of the repository. */
let identity: string;

const CONFIG = `smoke:
  - name: the sum
    type: command
    run: awk '{ print $1 + $2 }' /srv/lab/numbers
`;

const forget = () => removeNamed({ containers: [NAME], images: [BAD] });

beforeAll(async () => {
  forget();
  service = await ArtifactService.start();
  const config = join(folder, 'perennial.yml');
  writeFileSync(config, CONFIG);
  docker('run', '-d', '--name', NAME, GOOD, 'sleep', 'infinity');
  docker('exec', NAME, 'sh', '-c', 'mkdir /srv/lab; echo 40 2 > /srv/lab/numbers');
  const out = join(folder, 'sums');
  await perennial(['archive', '--container', NAME, '--config', config, '--out', out]);
  await packBag(out, `${out}.tar.zst`);
  identity = execFileSync('age-keygen', { encoding: 'utf8', stdio: 'pipe' }).match(/^AGE-SECRET-KEY-1\w+$/m)![0];
  const recipient = execFileSync('age-keygen', ['-y'], { input: identity, encoding: 'utf8', stdio: 'pipe' }).trim();
  await perennial(['copy', `${out}.tar.zst`, `${out}.tar.zst.age`, '--recipient', recipient]);
  upload('sums.tar.zst.age', readFileSync(`${out}.tar.zst.age`));
  makeBadBase();
}, 1_200_000);

afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
  forget();
});

function docker(...args: string[]): void {
  execFileSync('docker', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The archive as an earlier run left it. */
function upload(name: string, content: Buffer): void {
  const artifact = service.store.create('60', name, 'application/zstd')!;
  artifact.content = content;
  artifact.digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function makeBadBase(): void {
  const text = `FROM ${GOOD}\nRUN dpkg --purge --force-depends --force-remove-essential mawk\n`;
  execFileSync('docker', ['build', '-q', '-t', BAD, '-'], { input: text, stdio: ['pipe', 'ignore', 'inherit'] });
}

function drill(runId: string, base: string, archives = '') {
  return runWorkflow({
    workflow: '__tests__/e2e/workflows/drill.yml',
    repository,
    artifacts: service,
    runId,
    inputs: { base, archives },
    secrets: { AGE_IDENTITY: identity },
    actions: { 'actions/checkout@v5': join(repository, '__tests__/support/checkout-action') },
  });
}

const artifactsOf = (run: string) => service.store.ofRun(run).map(each => each.name.replace(/[0-9a-f]{6}/, 'ID'));
const history = () => parseHistory(service.repository.fileOf('perennial-drills', 'drills.ndjson') ?? '');

test('a good drill of an encrypted archive keeps its result and opens no issue', async () => {
  const { code, log } = await drill('61', GOOD);
  expect({ code, log: code === 0 ? '' : log }).toEqual({ code: 0, log: '' });
  expect(history()).toMatchObject([{ archive: 'sums', outcome: 'good', base: GOOD, same: 1, tests: 1 }]);
  expect(service.repository.issues).toEqual([]);
  expect(log).toContain('## Restore drill: 1 of 1 archives come back');
  // Anybody may read the run as far as act tells: no page with the names of files, and no key.
  expect(artifactsOf('61')).toEqual(['perennial-drill-sums-ID.json']);
  expect(log.includes(identity)).toBe(false);
}, 1_200_000);

test('on a base that has the package no more the drill fails and opens an issue that says so', async () => {
  const { code, log } = await drill('62', BAD);
  expect({ code, log: code === 1 ? '' : log }).toEqual({ code: 1, log: '' });
  const digest = execFileSync('docker', ['image', 'inspect', '-f', '{{.Id}}', BAD], { encoding: 'utf8' }).trim();
  expect(history()[1]).toMatchObject({ archive: 'sums', digest, base: BAD });
  expect(history()[1]!.outcome).not.toBe('good');
  const [issue, ...more] = service.repository.issues;
  expect(more).toEqual([]);
  expect(issue).toMatchObject({ state: 'open', title: 'Restore drill: sums does not come back' });
  expect(issue!.body).toContain(`<code>${digest}</code>`);
  expect(issue!.body).toMatch(/<code>mawk<\/code> \| <code>[^<]+<\/code> \| \*\*gone\*\*/);
}, 1_200_000);

test('the next drill that fails keeps the same issue up to date; one of an archive that is not there has its own', async () => {
  const { code, log } = await drill('63', BAD, 'sums\nexpired');
  expect(code).toBe(1);
  expect(log).toContain('## Restore drill: 0 of 2 archives come back');
  const [sums, expired, ...more] = service.repository.issues;
  expect(more).toEqual([]);
  // The same base and the same reason are no news: the text is new, nobody is written to.
  expect(sums).toMatchObject({ state: 'open', comments: [] });
  expect(sums!.body).toMatch(/^\| First failure \|.*\n\| Newest \|/m);
  expect(expired).toMatchObject({ state: 'open', title: 'Restore drill: expired does not come back' });
  expect(expired!.body).toContain('There is no artifact "expired"');
}, 1_200_000);

test('the good drill of a plain archive closes its issue; what is still not there stays open', async () => {
  upload('sums.tar.zst', readFileSync(join(folder, 'sums.tar.zst')));
  const { code } = await drill('64', GOOD, 'sums\nexpired');
  expect(code).toBe(1);
  expect(artifactsOf('64')).toContain('drill-sums-ID-report.html');
  expect(service.repository.issues).toMatchObject([
    { state: 'closed', comments: [expect.stringContaining('It restores again')] },
    { state: 'open', comments: [] },
  ]);
  const good = (archive: string) =>
    history().flatMap(each => (each.archive === archive ? each.outcome === 'good' : []));
  expect(good('sums')).toEqual([true, false, false, true]);
  expect(history().flatMap(each => (each.archive === 'expired' ? each.outcome : []))).toEqual(['failed', 'failed']);
}, 1_200_000);
