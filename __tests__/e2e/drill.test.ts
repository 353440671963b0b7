import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packBag } from '../../src/bag/pack-bag.ts';
import { parseHistory } from '../../src/drill/history.ts';
import { runWorkflow } from '../support/act.ts';
import { ArtifactService } from '../support/artifact-service/artifact-service.ts';
import { runPerennial } from '../support/run-perennial.ts';

const repository = join(import.meta.dirname, '../..');
const NAME = 'perennial-e2e-sums';
const GOOD = 'debian:trixie';
/** A base that has lost the package that the service lives on. */
const BAD = 'perennial/e2e-without-mawk';
const folder = mkdtempSync(join(tmpdir(), 'drill-'));
let service: ArtifactService;

const CONFIG = `smoke:
  - name: the sum
    type: command
    run: awk '{ print $1 + $2 }' /srv/lab/numbers
`;

beforeAll(async () => {
  service = await ArtifactService.start();
  const config = join(folder, 'perennial.yml');
  writeFileSync(config, CONFIG);
  docker('run', '-d', '--name', NAME, GOOD, 'sleep', 'infinity');
  docker('exec', NAME, 'sh', '-c', 'mkdir /srv/lab; echo 40 2 > /srv/lab/numbers');
  const out = join(folder, 'sums');
  const archived = await runPerennial(['archive', '--container', NAME, '--config', config, '--out', out]);
  expect({ code: archived.code, said: archived.code === 0 ? '' : archived.stderr }).toEqual({ code: 0, said: '' });
  await packBag(out, join(folder, 'sums.tar.zst'));
  upload('sums.tar.zst', readFileSync(join(folder, 'sums.tar.zst')));
  makeBadBase();
}, 1_200_000);

afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
  spawnSync('docker', ['rm', '-f', '-v', NAME], { stdio: 'ignore' });
  spawnSync('docker', ['rmi', BAD], { stdio: 'ignore' });
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
    actions: { 'actions/checkout@v5': join(repository, '__tests__/support/checkout-action') },
  });
}

const history = () => parseHistory(service.repository.fileOf('perennial-drills', 'drills.ndjson') ?? '');

test('a good drill keeps its result and opens no issue', async () => {
  const { code, log } = await drill('61', GOOD);
  expect({ code, log: code === 0 ? '' : log }).toEqual({ code: 0, log: '' });
  expect(history()).toMatchObject([{ archive: 'sums', outcome: 'good', base: GOOD, same: 1, tests: 1 }]);
  expect(service.repository.issues).toEqual([]);
  expect(log).toContain('## Restore drill: 1 of 1 archives come back');
  expect(service.store.ofRun('61').map(each => each.name.replace(/[0-9a-f]{6}/, 'ID'))).toContain(
    'drill-sums-ID-report.html',
  );
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

test('an archive that is not there is no success; the good drill closes the issue of the other', async () => {
  const { code } = await drill('63', GOOD, 'sums\nexpired');
  expect(code).toBe(1);
  const [sums, expired] = service.repository.issues;
  expect(sums).toMatchObject({ state: 'closed', comments: [expect.stringContaining('It restores again')] });
  expect(expired).toMatchObject({ state: 'open', title: 'Restore drill: expired does not come back' });
  expect(expired!.body).toContain('There is no artifact');
  expect(history().map(each => [each.archive, each.outcome === 'good'])).toEqual([
    ['sums', true],
    ['sums', false],
    ['expired', false],
    ['sums', true],
  ]);
}, 1_200_000);
