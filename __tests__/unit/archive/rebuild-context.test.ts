import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { copySources, readRebuildContext } from '../../../src/archive/rebuild-context.ts';
import { tempDir } from '../../support/temp-dir.ts';

describe('copySources', () => {
  test.each<[string, string, string[]]>([
    ['none', 'FROM x\nRUN true', []],
    ['COPY and ADD', 'FROM x\nCOPY a b /dst/\nadd c /dst', ['a', 'b', 'c']],
    ['with flags', 'FROM x\nCOPY --chown=1:2 --chmod=755 a /dst', ['a']],
    ['from another stage', 'FROM x AS y\nFROM z\nCOPY --from=y /a /b\nCOPY c /d', ['c']],
    ['JSON', 'FROM x\nCOPY ["a b", "c", "/dst/"]', ['a b', 'c']],
    ['addresses', 'FROM x\nADD https://example.org/x git@example.org:y.git z /dst/', ['z']],
    ['continued lines', 'FROM x\nCOPY a \\\n  b \\\n  /dst/', ['a', 'b']],
    ['a heredoc', 'FROM x\nCOPY <<EOF /a\ntext\nEOF\n', []],
    ['everything', 'FROM x\nCOPY . /app', ['.']],
  ])('%s', (_, text, sources) => {
    expect(copySources(text)).toEqual(sources);
  });
});

function context(files: Record<string, string>): string {
  const folder = tempDir();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe('readRebuildContext', () => {
  const tree = {
    'a.conf': '',
    'sub/b': '',
    'sub/deep/c': '',
    'sub2/d': '',
    '.git/config': '',
    '.env': '',
    'x.log': '',
  };
  test.each<[string, string, string, string[]]>([
    ['no COPY: the Dockerfile alone', 'FROM x', '', []],
    ['a file', 'FROM x\nCOPY a.conf /', '', ['a.conf']],
    ['a folder, not its neighbour', 'FROM x\nCOPY sub /s', '', ['sub/b', 'sub/deep/c']],
    ['./ and trailing slash', 'FROM x\nCOPY ./sub/ /s', '', ['sub/b', 'sub/deep/c']],
    ['a glob', 'FROM x\nCOPY *.conf /', '', ['a.conf']],
    ['everything but .git', 'FROM x\nCOPY . /', '', ['.env', 'a.conf', 'sub/b', 'sub/deep/c', 'sub2/d', 'x.log']],
    [
      'a variable: everything',
      'FROM x\nARG F\nCOPY $F /',
      '',
      ['.env', 'a.conf', 'sub/b', 'sub/deep/c', 'sub2/d', 'x.log'],
    ],
    [
      'less what .dockerignore names',
      'FROM x\nCOPY . /',
      '# c\n*.log\nsub\n!sub/deep\n.env\n',
      ['.dockerignore', 'a.conf', 'sub/deep/c', 'sub2/d'],
    ],
  ])('%s', async (_, dockerfile, ignore, files) => {
    const folder = context({ ...tree, Dockerfile: dockerfile, ...(ignore ? { '.dockerignore': ignore } : {}) });
    const found = await readRebuildContext(folder);
    expect(found.files.filter(file => file !== 'Dockerfile' || files.includes(file))).toEqual(files);
    expect(found.files).toContain('Dockerfile');
  });

  test('another name of the Dockerfile', async () => {
    const folder = context({ 'build/My.Dockerfile': 'FROM x\nCOPY a /', a: '' });
    expect(await readRebuildContext(folder, 'build/My.Dockerfile')).toEqual({
      directory: folder,
      dockerfile: 'build/My.Dockerfile',
      files: ['a', 'build/My.Dockerfile'],
    });
  });

  test.each<[string, (folder: string) => void, RegExp]>([
    ['no Dockerfile', () => {}, /no readable Dockerfile/],
    [
      'a link that leads nowhere',
      folder => {
        writeFileSync(join(folder, 'Dockerfile'), 'FROM x\nCOPY . /');
        symlinkSync('nowhere', join(folder, 'l'));
      },
      /\/l of the build context cannot be read/,
    ],
    [
      'a link to a folder',
      folder => {
        writeFileSync(join(folder, 'Dockerfile'), 'FROM x\nCOPY . /');
        mkdirSync(join(folder, 'd'));
        symlinkSync('d', join(folder, 'l'));
      },
      /\/l of the build context cannot be read: it is no plain file/,
    ],
  ])('%s', async (_, prepare, message) => {
    const folder = tempDir();
    prepare(folder);
    await expect(readRebuildContext(folder)).rejects.toThrow(message);
    await expect(readRebuildContext(folder)).rejects.toMatchObject({
      code: 'bad-input',
      hint: expect.stringMatching(/--context/),
    });
  });

  test('a path that leads out of the context is not taken', async () => {
    const folder = context({ 'in/Dockerfile': 'FROM x\nCOPY ../secret /\nCOPY a /', 'in/a': '', secret: 'x' });
    chmodSync(folder, 0o755);
    expect((await readRebuildContext(join(folder, 'in'))).files).toEqual(['Dockerfile', 'a']);
  });
});
