import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findGolden, formatAnswers, goldenFiles, parseAnswers } from '../../../src/smoke/golden-file.ts';
import type { SmokeAnswer, SmokeTest } from '../../../src/smoke/smoke-test.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perennial-golden-'));
});
afterAll(() => rm(folder, { recursive: true }));

const tests: SmokeTest[] = [
  { type: 'smb', name: 'a: "quoted"', share: 'lab', user: 'alice', password: '007', mask: ['\\d+ x$'] },
  { type: 'command', name: 'b', run: 'printf "%s\\n" a |\n  sort', where: 'host' },
  { type: 'command', name: 'c', run: ['yes', 'no', '1'] },
];
const answers: SmokeAnswer[] = [
  { name: 'a', status: 'ok', lines: ['', ' x\ty', '漢字 \u001b'], took: 12 },
  { name: 'b', status: 'exit 0', lines: [], took: 3, flaky: true },
];

async function writeSmoke(root: string): Promise<string> {
  await mkdir(join(root, 'data/smoke'), { recursive: true });
  for (const { path, content } of goldenFiles({ tests, answers })) await writeFile(join(root, path), content);
  return join(root, 'data/smoke');
}

test('what is written is read back, without times', async () => {
  const read = await findGolden(await writeSmoke(join(folder, 'good')));
  expect(read).toEqual({ tests, answers: answers.map(answer => ({ ...answer, took: 0 })) });
  expect(
    goldenFiles({ tests, answers })
      .map(file => file.content)
      .join(''),
  ).not.toContain('took');
  expect(goldenFiles({ tests: [], answers: [] })).toEqual([]);
});

test('a bag without smoke tests has none; half of them is an error', async () => {
  expect(await findGolden(join(folder, 'none'))).toBeUndefined();
  await writeFile(join(folder, 'answers.json'), formatAnswers([]));
  await expect(findGolden(folder)).rejects.toMatchObject({ code: 'bag-invalid' });
});

test('tests of a bag that are not tests are a fault of the bag', async () => {
  const smoke = await writeSmoke(join(folder, 'bad'));
  await writeFile(join(smoke, 'tests.yml'), '- {type: gopher, name: x}');
  await expect(findGolden(smoke)).rejects.toMatchObject({ code: 'bag-invalid' });
});

describe('parseAnswers refuses', () => {
  test.each([
    ['no JSON', '{', 'bag-invalid'],
    ['another shape', '{"schema":1,"answers":{}}', 'bag-invalid'],
    ['lines that are no text', '{"schema":1,"answers":[{"name":"a","status":"1","lines":[1]}]}', 'bag-invalid'],
    ['a later schema', '{"schema":2,"answers":[]}', 'bag-newer'],
  ])('%s', (_, text, code) => {
    expect(() => parseAnswers(text)).toThrow(expect.objectContaining({ code }));
  });
});
