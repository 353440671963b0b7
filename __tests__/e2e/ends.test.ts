import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { runWorkflow } from '../support/act.ts';
import { ArtifactService } from '../support/artifact-service/artifact-service.ts';
import { removeNamed } from '../support/engine-state.ts';

const repository = join(import.meta.dirname, '../..');
const ENDS = 'perennial-e2e-ends';
let artifacts: ArtifactService;

const forget = () =>
  removeNamed({
    containers: [ENDS, 'perennial-e2e-stopped', 'perennial-e2e-started'],
    volumes: [`${ENDS}-data`, 'perennial-e2e-started-data'],
    images: ['perennial/perennial-e2e-started:restored', 'perennial/e2e-refusing'],
  });

beforeAll(async () => {
  forget();
  artifacts = await ArtifactService.start();
});
afterAll(async () => {
  await artifacts.close();
});
afterEach(forget);

function ends(runId: string, inputs: { 'archive-on': string; next: string }) {
  return runWorkflow({ workflow: '__tests__/e2e/workflows/ends.yml', repository, artifacts, runId, inputs });
}

const exists = (kind: 'container' | 'volume', name: string) =>
  spawnSync('docker', [kind, 'inspect', name], { stdio: 'ignore' }).status === 0;

test('a failed step in between: the service is archived and removed', async () => {
  const { code, log } = await ends('51', { 'archive-on': 'always', next: 'fail' });
  expect({ code, log: code === 1 ? '' : log }).toEqual({ code: 1, log: '' });
  const names = artifacts.store.ofRun('51').map(each => each.name);
  expect({ names, log: names.length > 0 ? '' : log }).toEqual({
    names: [`${ENDS}.tar.zst`, `${ENDS}-report.html`],
    log: '',
  });
  expect(log).toContain(`## ${ENDS}: decommissioned`);
  expect({ container: exists('container', ENDS), volume: exists('volume', `${ENDS}-data`) }).toEqual({
    container: false,
    volume: false,
  });
}, 300_000);

test('with archive-on success a failed job archives nothing, and the container is left', async () => {
  const { code, log } = await ends('52', { 'archive-on': 'success', next: 'fail' });
  expect(code).toBe(1);
  expect(log).toContain("the job's status is failure");
  expect(artifacts.store.ofRun('52')).toEqual([]);
  expect(exists('container', ENDS)).toBe(true);
}, 300_000);

test('with archive-on success a job that succeeds archives', async () => {
  const { code, log } = await ends('53', { 'archive-on': 'success', next: '' });
  expect({ code, log: code === 0 ? '' : log }).toEqual({ code: 0, log: '' });
  expect(artifacts.store.ofRun('53')).toHaveLength(2);
}, 300_000);

test('an archive with secrets does not go where others may read it, and nothing is removed', async () => {
  const { code, log } = await ends('54', { 'archive-on': 'always', next: 'password' });
  expect(code).toBe(1);
  expect(log).toMatch(/holds secrets in plain text: password hashes \(1\).*allow-plaintext-secrets: true/);
  expect(artifacts.store.ofRun('54')).toEqual([]);
  expect(exists('container', ENDS)).toBe(true);
}, 300_000);

test('the upload fails: the step fails and nothing is removed', async () => {
  artifacts.faults.push({ match: /FinalizeArtifact/, status: 400 });
  const { code, log } = await ends('55', { 'archive-on': 'always', next: '' });
  artifacts.faults.length = 0;
  expect(code).toBe(1);
  expect(log).toContain(`The artifact ${ENDS}.tar.zst could not be uploaded`);
  expect(exists('container', ENDS)).toBe(true);
}, 300_000);

test('a stopped container is archived; a restore that fails leaves summary and page, the next one succeeds', async () => {
  const workflow = '__tests__/e2e/workflows/archive-stopped.yml';
  const { code, log } = await runWorkflow({ workflow, repository, artifacts, runId: '56' });
  expect({ code, log: code === 0 ? '' : log }).toEqual({ code: 0, log: '' });
  expect(artifacts.store.ofRun('56').map(each => each.name)).toEqual([
    'stopped-bag.tar.zst',
    'stopped-bag-report.html',
    'perennial-e2e-broken-report.html',
    'perennial-e2e-started-report.html',
  ]);
  expect(log).toContain('## perennial-e2e-stopped: not restored');
  expect(log).toContain('### How far it came');
  const page = artifacts.store.ofRun('56')[2]!.content.toString();
  expect(page).toContain('no room for a service');
  expect(page).toMatch(/<h2[^>]*>Timeline of the run/);
}, 600_000);
