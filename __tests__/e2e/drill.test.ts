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
const NAME = 'perennial-e2e-clock';
/** Today's release, and tomorrow's that has no such package any more. */
const GOOD = 'debian:trixie';
const BAD = 'perennial/e2e-without-micro-httpd';
const folder = mkdtempSync(join(tmpdir(), 'drill-'));
let service: ArtifactService;

const DOCKERFILE = `FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends micro-httpd openbsd-inetd
`;
const CONFIG = `start: inetd
smoke:
  - name: the notice
    type: http
    port: 80
    path: /notice.txt
`;

beforeAll(async () => {
  service = await ArtifactService.start();
  writeFileSync(join(folder, 'Dockerfile'), DOCKERFILE);
  writeFileSync(join(folder, 'perennial.yml'), CONFIG);
  docker('build', '-q', '-t', NAME, folder);
  docker('run', '-d', '--name', NAME, NAME, 'sleep', 'infinity');
  docker('exec', NAME, 'sh', '-c', 'mkdir -p /var/www/html; echo closed on Mondays > /var/www/html/notice.txt; inetd');
  const out = join(folder, 'clock');
  const archived = await runPerennial(['archive', '--container', NAME, '--context', folder, '--out', out]);
  expect({ code: archived.code, said: archived.code === 0 ? '' : archived.stderr }).toEqual({ code: 0, said: '' });
  await packBag(out, join(folder, 'clock.tar.zst'));
  upload('clock.tar.zst', readFileSync(join(folder, 'clock.tar.zst')));
  makeBadBase();
}, 600_000);

afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
  spawnSync('docker', ['rm', '-f', '-v', NAME], { stdio: 'ignore' });
  spawnSync('docker', ['rmi', NAME, BAD], { stdio: 'ignore' });
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

/** As when a distribution drops a package: apt does not offer it any more. */
function makeBadBase(): void {
  const text = `FROM ${GOOD}
RUN printf '%s\\n' 'Package: micro-httpd' 'Pin: release *' 'Pin-Priority: -1' > /etc/apt/preferences.d/dropped
`;
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
  expect(history()).toMatchObject([{ archive: 'clock', outcome: 'good', base: GOOD, same: 1, tests: 1 }]);
  expect(service.repository.issues).toEqual([]);
  expect(log).toContain('## Restore drill: 1 of 1 archives come back');
  expect(service.store.ofRun('61').map(each => each.name.replace(/[0-9a-f]{6}/, 'ID'))).toContain(
    'drill-clock-ID-report.html',
  );
}, 600_000);

test('on a base that has the package no more the drill fails and opens an issue that says so', async () => {
  const { code, log } = await drill('62', BAD);
  expect({ code, log: code === 1 ? '' : log }).toEqual({ code: 1, log: '' });
  const digest = execFileSync('docker', ['image', 'inspect', '-f', '{{.Id}}', BAD], { encoding: 'utf8' }).trim();
  expect(history()[1]).toMatchObject({ archive: 'clock', digest, base: BAD });
  expect(history()[1]!.outcome).not.toBe('good');
  const [issue, ...more] = service.repository.issues;
  expect(more).toEqual([]);
  expect(issue).toMatchObject({ state: 'open', title: 'Restore drill: clock does not come back' });
  expect(issue!.body).toContain(`<code>${digest}</code>`);
  expect(issue!.body).toMatch(/<code>micro-httpd<\/code> \| <code>[^<]+<\/code> \| \*\*gone\*\*/);
}, 600_000);

test('an archive that is not there is no success; the good drill closes the issue of the other', async () => {
  const { code } = await drill('63', GOOD, 'clock\nexpired');
  expect(code).toBe(1);
  const [clock, expired] = service.repository.issues;
  expect(clock).toMatchObject({ state: 'closed', comments: [expect.stringContaining('It restores again')] });
  expect(expired).toMatchObject({ state: 'open', title: 'Restore drill: expired does not come back' });
  expect(expired!.body).toContain('There is no artifact');
  expect(history().map(each => [each.archive, each.outcome === 'good'])).toEqual([
    ['clock', true],
    ['clock', false],
    ['expired', false],
    ['clock', true],
  ]);
}, 600_000);
