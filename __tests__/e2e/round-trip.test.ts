import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runWorkflow } from '../support/act.ts';
import { ArtifactService } from '../support/artifact-service/artifact-service.ts';
import { removeNamed } from '../support/engine-state.ts';

const repository = join(import.meta.dirname, '../..');
const CONTAINERS = ['perennial-e2e-old', 'perennial-e2e-new', 'perennial-e2e-later'];
let artifacts: ArtifactService;

const forget = () =>
  removeNamed({
    containers: CONTAINERS,
    volumes: CONTAINERS.map(name => `${name}-share`),
    images: CONTAINERS.map(name => `perennial/${name}:restored`),
  });

beforeAll(async () => {
  forget();
  artifacts = await ArtifactService.start();
});
afterAll(async () => {
  await artifacts.close();
  forget();
});

test('a workflow decommissions a service, and a second job brings it back on the newest Debian', async () => {
  const workflow = '__tests__/e2e/workflows/round-trip.yml';
  const { code, log } = await runWorkflow({ workflow, repository, artifacts, runId: '41' });
  if (code !== 0) console.error(log);
  expect(code).toBe(0);
  const [bag, ...reports] = artifacts.store.ofRun('41');
  expect(bag!.name).toBe('perennial-e2e.tar.zst');
  expect(reports.map(each => each.name)).toEqual(['perennial-e2e-report.html', 'perennial-e2e-new-report.html']);
  expect(reports[1]!.content.toString()).toContain('Restored: clients get the same answers');
  expect(log).toMatch(/\[The whole report\]\(https?:[^)]*\/runs\/41\/artifacts\/\d+\)/);
  expect(log).toContain('## lab file server: decommissioned');
  expect(log).toContain('**10 of 10** answers are as before the end'); // nine of the owner, one that every Samba is asked
  expect(bag!.content.length).toBeGreaterThan(1000);
  expect(bag!.content.length).toBeLessThan(200_000);
}, 1_200_000);

test('another run restores the artifact of that run', async () => {
  const workflow = '__tests__/e2e/workflows/other-run.yml';
  const { code, log } = await runWorkflow({ workflow, repository, artifacts, runId: '42', inputs: { run: '41' } });
  if (code !== 0) console.error(log);
  expect(code).toBe(0);
  expect(
    artifacts.requests.some(line => line.startsWith('GET /api/repos/perennial/e2e/actions/runs/41/artifacts')),
  ).toBe(true);
}, 1_200_000);
