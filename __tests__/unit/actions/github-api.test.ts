import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { GithubApi } from '../../../src/actions/github-api.ts';
import { ArtifactService } from '../../support/artifact-service/artifact-service.ts';

let service: ArtifactService;
let api: GithubApi;
beforeAll(async () => {
  service = await ArtifactService.start();
  process.env.GITHUB_API_URL = `${service.url}/api`;
  api = new GithubApi('token', 'perennial/e2e');
});
afterAll(() => service.close());

test('a file of a branch that is not there yet is made, and then changed', async () => {
  expect(await api.readFile('drills', 'a.txt')).toBe('');
  await api.changeFile('drills', 'a.txt', old => `${old}1\n`, 'first');
  await api.changeFile('drills', 'a.txt', old => `${old}2\n`, 'second');
  expect(await api.readFile('drills', 'a.txt')).toBe('1\n2\n');
});

test('somebody who was faster is not overwritten', async () => {
  let calls = 0;
  const add = (old: string) => {
    if (calls++ === 0) {
      const { repository } = service;
      const head = repository.heads.get('drills')!;
      const tree = repository.addTree(head, [{ path: 'a.txt', content: `${old}faster\n` }]);
      repository.move('drills', repository.addCommit(tree, [head]));
    }
    return `${old}ours\n`;
  };
  await api.changeFile('drills', 'a.txt', add, 'third');
  expect(service.repository.fileOf('drills', 'a.txt')).toBe('1\n2\nfaster\nours\n');
});

test('issues: opened with a label, found, changed, commented, closed', async () => {
  const number = await api.openIssue('title', 'body', 'perennial-drill');
  expect(await api.openIssues('perennial-drill')).toEqual([{ number, body: 'body' }]);
  expect(await api.openIssues('another')).toEqual([]);
  await api.updateIssue(number, { body: 'new' });
  await api.comment(number, 'news');
  await api.updateIssue(number, { state: 'closed' });
  expect(await api.openIssues('perennial-drill')).toEqual([]);
  expect(service.repository.issues).toMatchObject([{ body: 'new', comments: ['news'], state: 'closed' }]);
});

test('a refusal names the permission', async () => {
  service.faults.push({ match: /POST .*\/issues/, status: 403, times: 1 });
  await expect(api.openIssue('t', 'b', 'l')).rejects.toMatchObject({
    code: 'store-failed',
    hint: expect.stringContaining('`issues: write`'),
  });
});
