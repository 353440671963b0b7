import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findGolden, formatAnswers, parseAnswers, writeGolden } from '../../../src/smoke/golden-file.ts';
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

test('what is written is read back, without times', async () => {
  await writeGolden(join(folder, 'data/smoke'), { tests, answers });
  const read = await findGolden(join(folder, 'data/smoke'));
  expect(read).toEqual({ tests, answers: answers.map(answer => ({ ...answer, took: 0 })) });
  expect(await readFile(join(folder, 'data/smoke/answers.json'), 'utf8')).not.toContain('took');
});

test('a bag without smoke tests has none; half of them is an error', async () => {
  expect(await findGolden(join(folder, 'none'))).toBeUndefined();
  await writeFile(join(folder, 'answers.json'), formatAnswers([]));
  await expect(findGolden(folder)).rejects.toMatchObject({ code: 'bag-invalid' });
});

test('tests of a bag that are not tests are a fault of the bag', async () => {
  await writeGolden(join(folder, 'bad'), { tests, answers });
  await writeFile(join(folder, 'bad/tests.yml'), '- {type: gopher, name: x}');
  await expect(findGolden(join(folder, 'bad'))).rejects.toMatchObject({ code: 'bag-invalid' });
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
