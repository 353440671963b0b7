import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseHistory } from '../../src/drill/history.ts';
import { runWorkflow } from '../support/act.ts';
import { ArtifactService } from '../support/artifact-service/artifact-service.ts';

const repository = join(import.meta.dirname, '../..');
let service: ArtifactService;
beforeAll(async () => {
  service = await ArtifactService.start();
});
afterAll(() => service.close());

function drill(runId: string) {
  return runWorkflow({
    workflow: '__tests__/e2e/workflows/drill.yml',
    repository,
    artifacts: service,
    runId,
    inputs: { base: 'debian:trixie', archives: 'expired' },
    actions: { 'actions/checkout@v5': join(repository, '__tests__/support/checkout-action') },
  });
}

test('an archive that is not there any more fails its drills, and has one issue', async () => {
  for (const run of ['71', '72']) {
    const { code, log } = await drill(run);
    expect({ code, log: code === 1 ? '' : log }).toEqual({ code: 1, log: '' });
    expect(log).toContain('## Restore drill: 0 of 1 archives come back');
  }
  expect(service.repository.issues).toMatchObject([
    { state: 'open', title: 'Restore drill: expired does not come back', comments: [] },
  ]);
  expect(service.repository.issues[0]!.body).toContain('There is no artifact "expired"');
  const text = service.repository.fileOf('perennial-drills', 'drills.ndjson') ?? '';
  expect(parseHistory(text).map(each => [each.archive, each.outcome])).toEqual([
    ['expired', 'failed'],
    ['expired', 'failed'],
  ]);
}, 600_000);
