import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import type { Manifest } from '../../../src/bag/manifest.ts';
import { openBag, readBagFile } from '../../../src/bag/open-bag.ts';
import { reconcilePayload } from '../../../src/bag/reconcile-payload.ts';
import { parsePaxRecords } from '../../../src/bag/tar-pax.ts';
import { encodeTarMember, endOfTar } from '../../../src/bag/tar-reader.ts';
import { verifyBag } from '../../../src/bag/verify-bag.ts';
import { createBag } from '../../../src/bag/write-bag.ts';
import { loadIndex } from '../../../src/restore/load-index.ts';
import { findGolden } from '../../../src/smoke/golden-file.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { buildTinyBag, type TinyPath, tinyHeader, tinyIndex, tinyManifest, tinyPaths } from '../../support/tiny-bag.ts';

const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts');

/** A bag whose digests are right, with these paths in payload and index. */
function bagOf(paths: TinyPath[], manifest: Partial<Manifest> = {}): Promise<string> {
  return buildTinyBag(join(tempDir(), 'bag'), { paths, manifest });
}

describe('a tree that no file system has', () => {
  test.each<[string, TinyPath[], RegExp]>([
    [
      'a file below a link',
      [
        { path: '/a', kind: 'symlink', linkTarget: '/etc' },
        { path: '/a-b', kind: 'directory' },
        { path: '/a/passwd', content: 'root::0:0::/:/bin/sh\n' },
      ],
      /\/a\/passwd is below \/a, a symlink/,
    ],
    [
      'a file below a link, deeper down',
      [
        { path: '/srv', kind: 'symlink', linkTarget: '/etc' },
        { path: '/srv/x/y', kind: 'directory' },
      ],
      /\/srv\/x\/y is below \/srv, a symlink/,
    ],
    [
      'a file below a hard link to a link',
      [
        { path: '/a', kind: 'symlink', linkTarget: '/etc' },
        { path: '/b', kind: 'hardlink', linkTarget: 'a' },
        { path: '/b/passwd', content: '' },
      ],
      /\/b\/passwd is below \/b/,
    ],
    [
      'a file below a device',
      [
        { path: '/a', kind: 'char', devMajor: 1, devMinor: 3 },
        { path: '/a/b', content: '' },
      ],
      /\/a\/b is below \/a, a char/,
    ],
  ])('%s is refused', async (_, paths, message) => {
    const kept = paths.map(path => ({ disposition: 'keep' as const, ...path }));
    await expect(verifyBag(await bagOf(kept))).rejects.toMatchObject({
      code: 'bag-invalid',
      message: expect.stringMatching(message),
    });
  });

  test('a folder in place of a deleted link is what an owner makes', async () => {
    await verifyBag(
      await bagOf([
        { path: '/a', kind: 'symlink', linkTarget: '/etc', disposition: 'delete' },
        { path: '/a/b', content: 'x', disposition: 'keep' },
      ]),
    );
  });
});

test.each(['kept', 'keptBytes', 'deleted'] as const)('a manifest that counts other %s is refused', async name => {
  const counts = { ...tinyManifest().counts, [name]: 77 };
  await expect(verifyBag(await bagOf(tinyPaths, { counts }))).rejects.toThrow(`the manifest counts 77 (${name})`);
});

describe('what would take for ever', () => {
  test('a hole larger than the index says is not read', async () => {
    const hole = {
      ...tinyHeader({ path: '/hole' }),
      size: 2 ** 43,
      storedSize: 0,
      sparse: [{ offset: 2 ** 43, length: 0 }],
    };
    const index = tinyIndex([{ path: '/hole', content: 'x', disposition: 'keep' }]);
    const problems = await reconcilePayload(
      Readable.from(index),
      Readable.from([encodeTarMember(hole), endOfTar]) as AsyncIterable<Buffer>,
    );
    expect(problems.map(each => each.text)).toEqual([`/hole has ${2 ** 43} bytes in the payload, 1 in the index`]);
  });

  test('a hole larger than any file system takes is refused', async () => {
    const hole = {
      ...tinyHeader({ path: '/hole' }),
      size: 2 ** 50,
      storedSize: 0,
      sparse: [{ offset: 2 ** 50, length: 0 }],
    };
    const reading = reconcilePayload(
      Readable.from(tinyIndex([])),
      Readable.from([encodeTarMember(hole), endOfTar]) as AsyncIterable<Buffer>,
    );
    await expect(reading).rejects.toThrow(/more than 16 TiB/);
  });

  test('a pipe in place of a file is not waited for', async () => {
    const bag = await bagOf(tinyPaths);
    rmSync(join(bag, 'data/manifest.json'));
    execFileSync('mkfifo', [join(bag, 'data/manifest.json')]);
    await expect(verifyBag(bag)).rejects.toMatchObject({ code: 'bag-invalid' });
  });
});

describe('what would fill the memory', () => {
  test('an extended header of millions of records', () => {
    const records = Buffer.from('5 a=\n'.repeat(100));
    expect(parsePaxRecords(records, 100).length).toBe(100);
    expect(() => parsePaxRecords(records, 99)).toThrow(/too many records/);
  });

  test('a payload in another order than a large index', async () => {
    const count = 100_100;
    const name = (n: number) => `/f${String(n).padStart(7, '0')}`;
    async function* index() {
      const [entry] = tinyIndex([{ path: '/x', kind: 'fifo', disposition: 'keep' }]);
      for (let n = 0; n < count; n++) yield { ...entry!, path: name(n) };
    }
    const last = encodeTarMember(tinyHeader({ path: name(count - 1), kind: 'fifo' }));
    const reading = reconcilePayload(index(), Readable.from([last, endOfTar]) as AsyncIterable<Buffer>);
    await expect(reading).rejects.toThrow(/not in the same order/);
  });

  test('an index with more entries than the memory holds', async () => {
    const bag = await openBag(await bagOf(tinyPaths));
    expect((await loadIndex(bag, tinyPaths.length)).size).toBe(tinyPaths.length);
    await expect(loadIndex(bag, tinyPaths.length - 1)).rejects.toMatchObject({
      code: 'bag-invalid',
      message: expect.stringMatching(/more than 6 entries/),
      hint: expect.stringMatching(/max-old-space-size/),
    });
  });

  test('many entries are verified in a heap that could not hold them', async () => {
    const count = 150_000;
    const writer = await createBag(join(tempDir(), 'bag'));
    async function* index() {
      const [entry] = tinyIndex([{ path: '/x', disposition: 'leave' }]);
      for (let n = 0; n < count; n++) yield { ...entry!, path: `/f${String(n).padStart(7, '0')}` };
    }
    const counts = { paths: count, kept: 0, keptBytes: 0, deleted: 0, rules: {} };
    const bag = await writer.finish(tinyManifest({ counts }), index());
    const small = spawnSync(process.execPath, ['--max-old-space-size=48', MAIN, 'verify', bag], { encoding: 'utf8' });
    expect(small).toMatchObject({ status: 0 });
  }, 120_000);

  test('a large file where a small one is read whole', async () => {
    const bag = await openBag(await bagOf(tinyPaths));
    await expect(readBagFile(bag, 'README.md', 10)).rejects.toMatchObject({ code: 'bag-invalid' });
  });
});

describe('smoke tests of a bag', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((name, n) => `${name}: &${name} [${`*${'abcdefghi'[n]},`.repeat(9)}]`),
  ];

  test.each([
    ['a bomb of aliases', bomb.join('\n')],
    ['nesting without end', '['.repeat(20_000)],
    ['tags of other languages', '- !!python/object/apply:os.system ["touch canary"]'],
    ['a test of no known type', '- name: x\n  type: gopher'],
  ])('%s is a clear error', async (_, text) => {
    const folder = tempDir();
    writeFileSync(join(folder, 'tests.yml'), text);
    writeFileSync(join(folder, 'answers.json'), '{"schema":1,"answers":[]}');
    await expect(findGolden(folder)).rejects.toMatchObject({ code: 'bag-invalid' });
  });
});

describe('terminal codes, in whatever is shown', () => {
  const nasty = 'x\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e\nforged line';

  test.each<[string, string[], (bag: string) => void]>([
    ['explain', ['explain'], () => {}],
    ['verify', ['verify'], () => {}],
    ['an error of verify', ['verify'], bag => writeFileSync(join(bag, 'data', nasty.replaceAll('/', '')), 'x')],
    [
      'a manifest of another shape',
      ['verify'],
      bag =>
        writeFileSync(
          join(bag, 'data/manifest.json'),
          JSON.stringify({ schema: 1, [nasty]: nasty, tool: { name: nasty } }),
        ),
    ],
    [
      'a schema that is newer',
      ['verify'],
      bag => writeFileSync(join(bag, 'data/manifest.json'), JSON.stringify({ schema: 1e9 })),
    ],
  ])('%s', async (_, words, change) => {
    const { service } = tinyManifest();
    const bag = await bagOf(
      [...tinyPaths.slice(0, 2), { path: `/srv/${nasty.replaceAll('/', '')}`, content: 'x', disposition: 'keep' }],
      {
        service: { ...service, name: nasty },
        notes: [nasty],
      },
    );
    change(bag);
    const { stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words, bag], { encoding: 'utf8' });
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(stdout + stderr).not.toMatch(/^forged line/m);
    expect(stdout + stderr).not.toBe('');
  });
});
