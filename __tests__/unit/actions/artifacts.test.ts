import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ArtifactService } from '../../support/artifact-service/artifact-service.ts';
import { tempDir } from '../../support/temp-dir.ts';

// The official client against a service of ours; it reads its addresses when it is loaded.
const service = await ArtifactService.start();
const silent = jest.spyOn(process.stdout, 'write').mockReturnValue(true); // the client prints its progress
Object.assign(process.env, service.environment('7'), { GITHUB_REPOSITORY: 'perennial/e2e' });
const { uploadBag } = await import('../../../src/actions/upload-bag.ts');
const { downloadBag, findOptions } = await import('../../../src/actions/download-bag.ts');

afterAll(async () => {
  silent.mockRestore();
  await service.close();
});
beforeEach(() => {
  service.faults.length = 0;
});

function packed(name: string, content = `the bag ${name}`): { file: string; sha256: string } {
  const file = join(tempDir(), name);
  writeFileSync(file, content);
  return { file, sha256: createHash('sha256').update(content).digest('hex') };
}

const here = { runId: undefined, githubToken: '', repository: '' };
const run7 = { runId: 7, githubToken: 'token', repository: 'other/place' };

describe('uploadBag', () => {
  test('the file as it is, under its own name', async () => {
    expect(await uploadBag(packed('a.tar.zst'), 5)).toMatchObject({ name: 'a.tar.zst', id: expect.any(Number) });
    const [artifact] = service.store.ofRun('7');
    expect(artifact!.content.toString()).toBe('the bag a.tar.zst');
    expect((artifact!.expiresAt!.getTime() - Date.now()) / 86_400_000).toBeCloseTo(5, 1);
  });

  test('a name that this run has already', async () => {
    await uploadBag(packed('twice.tar.zst'), 0);
    const again = uploadBag(packed('twice.tar.zst'), 0);
    await expect(again).rejects.toMatchObject({ code: 'store-failed', hint: expect.stringContaining('artifact-name') });
  });

  test('what was sent is not what was packed', async () => {
    const bag = { ...packed('b.tar.zst'), sha256: '0'.repeat(64) };
    await expect(uploadBag(bag, 0)).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  test('the service refuses', async () => {
    service.faults.push({ match: /CreateArtifact/, status: 403 });
    await expect(uploadBag(packed('c.tar.zst'), 0)).rejects.toMatchObject({ code: 'store-failed' });
  });
});

describe('downloadBag', () => {
  test.each([
    ['this run', here],
    ['another run', run7],
  ])('of %s, by the name with or without its ending', async (_, from) => {
    const name = `down-${from.runId ?? 'here'}.tar.zst`;
    await uploadBag(packed(name), 0);
    for (const artifact of [name, name.replace('.tar.zst', '')]) {
      const path = await downloadBag({ artifact, ...from }, join(tempDir(), 'new'));
      expect(readFileSync(path, 'utf8')).toBe(`the bag ${name}`);
    }
  });

  test('asks for the run of the other repository', async () => {
    await downloadBag({ artifact: 'a', ...run7 }, join(tempDir(), 'x'));
    expect(service.requests).toContainEqual(
      expect.stringMatching('^GET /api/repos/other/place/actions/runs/7/artifacts'),
    );
  });

  test.each([
    ['this run', here, /no artifact "none" in this run, or it has expired/],
    ['another run', run7, /no artifact "none" in run 7 of other\/place, or it has expired/],
  ])('missing in %s: one clear error', async (_, from, message) => {
    const missing = downloadBag({ artifact: 'none', ...from }, tempDir());
    await expect(missing).rejects.toMatchObject({ code: 'artifact-missing', message: expect.stringMatching(message) });
  });

  test('expired', async () => {
    await uploadBag(packed('old.tar.zst'), 1);
    service.store.ofRun('7').find(each => each.name === 'old.tar.zst')!.expiresAt = new Date(0);
    await expect(downloadBag({ artifact: 'old', ...here }, tempDir())).rejects.toMatchObject({
      code: 'artifact-missing',
    });
    await expect(downloadBag({ artifact: 'old', ...run7 }, tempDir())).rejects.toMatchObject({
      code: 'artifact-missing',
    });
  });

  test('a token that may not', async () => {
    service.faults.push({ match: /\/api\/repos/, status: 403 });
    const refused = downloadBag({ artifact: 'a', ...run7 }, tempDir());
    await expect(refused).rejects.toMatchObject({
      code: 'store-failed',
      hint: expect.stringContaining('actions: read'),
    });
  });

  test('damaged on its way', async () => {
    service.faults.push({ match: /GET \/blobs/, flip: true });
    const damaged = downloadBag({ artifact: 'a', ...here }, join(tempDir(), 'y'));
    await expect(damaged).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  test('a folder that holds no bag', async () => {
    const folder = tempDir();
    mkdirSync(join(folder, 'two'));
    writeFileSync(join(folder, 'three'), '');
    writeFileSync(join(folder, 'four'), '');
    service.store.create('7', 'odd', 'text/plain');
    const [odd] = service.store.artifacts.slice(-1);
    service.store.finalize(odd!, 0, '');
    await expect(downloadBag({ artifact: 'odd', ...here }, folder)).rejects.toMatchObject({ code: 'bag-invalid' });
  });
});

describe('findOptions', () => {
  const reference = { artifact: 'a', runId: undefined, githubToken: 't', repository: '' };
  test.each([
    ['this run', reference, {}],
    ['this run by its id', { ...reference, runId: 7 }, {}],
    ['this repository by its name', { ...reference, repository: 'perennial/e2e' }, {}],
    [
      'another run',
      { ...reference, runId: 8 },
      { findBy: { token: 't', workflowRunId: 8, repositoryOwner: 'perennial', repositoryName: 'e2e' } },
    ],
  ])('%s', (_, given, expected) => {
    expect(findOptions(given)).toEqual(expected);
  });

  test.each([
    ['a repository without a run', { ...reference, repository: 'a/b' }, /without `run-id`/],
    ['a run without a token', { ...reference, runId: 8, githubToken: '' }, /needs `github-token`/],
    ['no repository', { ...reference, runId: 8, repository: 'a/b/c' }, /not OWNER\/NAME/],
  ])('refuses %s', (_, given, message) => {
    expect(() => findOptions(given)).toThrow(message);
  });
});
