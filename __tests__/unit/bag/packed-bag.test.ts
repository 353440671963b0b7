import { execFileSync } from 'node:child_process';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { openBag } from '../../../src/bag/open-bag.ts';
import { packBag } from '../../../src/bag/pack-bag.ts';
import { verifyBag } from '../../../src/bag/verify-bag.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { buildTinyBag, type TinyPath } from '../../support/tiny-bag.ts';

jest.setTimeout(180_000);

/** Compresses little: the payload is several frames inside and outside. */
const noise = randomBytes(9 * 1024 * 1024).toString('base64');
const paths: TinyPath[] = [{ path: '/srv/noise', content: noise, disposition: 'keep' }];
const dump = randomBytes(3_000_000).toString('base64');
let bag: string;
const dir = tempDir();

beforeAll(async () => {
  bag = await buildTinyBag(join(tempDir(), 'lab'), {
    paths,
    files: { 'data/dumps/db/all.sql': dump, 'data/rebuild/x': 'x' },
  });
});

async function sha256(source: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of source) hash.update(chunk);
  return hash.digest('hex');
}

const packers: [string, (file: string) => unknown][] = [
  ['packBag', file => packBag(bag, file)],
  ['tar', file => execFileSync('tar', ['-cf', file, '-C', dirname(bag), basename(bag)])],
  [
    'tar and zstd, one frame without its size',
    file => execFileSync('sh', ['-c', 'tar -c -C "$1" lab | zstd -q > "$2"', 'sh', dirname(bag), file]),
  ],
  ['tar of the files without a folder', file => execFileSync('tar', ['-cf', file, '-C', bag, '.'])],
];

test.each(packers)('a bag packed by %s is read where it lies', async (_, pack) => {
  const file = join(dir, 'lab.tar.zst');
  await pack(file);
  const temp = tempDir();
  const [folder, packed] = [await openBag(bag), await openBag(file, { tempDir: temp })];
  expect(await sha256(packed.openPayload())).toBe(await sha256(folder.openPayload()));
  expect(await sha256(packed.read('data/dumps/db/all.sql'))).toBe(await sha256(folder.read('data/dumps/db/all.sql')));
  expect(await Array.fromAsync(packed.readIndex())).toEqual(await Array.fromAsync(folder.readIndex()));
  expect(readFileSync(packed.file('data/rebuild/x'), 'utf8')).toBe('x');
  expect(() => packed.read('data/dumps/none')).toThrow(/has no file/);
  const copied = readdirSync(temp, { recursive: true, withFileTypes: true }).filter(each => each.isFile());
  expect(copied.filter(each => /payload|ndjson|sql/.test(each.name))).toEqual([]);
  expect(await verifyBag(packed)).toEqual(await verifyBag(bag));
  await packed.close();
  expect(readdirSync(temp)).toEqual([]);
});

test('packing may take the folder along', async () => {
  const own = await buildTinyBag(join(tempDir(), 'lab'), {
    paths,
    files: { 'data/dumps/db/all.sql': dump, 'data/rebuild/x': 'x' },
  });
  const [kept, taken] = [join(dir, 'kept'), join(dir, 'taken')];
  expect(await packBag(own, taken, { consume: true })).toEqual(await packBag(bag, kept));
  expect(existsSync(own)).toBe(false);
  await verifyBag(taken);
});

describe('a damaged packed bag', () => {
  test('is named wherever it was cut', async () => {
    const file = join(dir, 'cut');
    await packBag(bag, file);
    const whole = readFileSync(file);
    const size = whole.length;
    const anywhere = Array.from({ length: 25 }, () => randomInt(size));
    for (const at of [0, 1, 3, 4, 100, 5000, size >> 2, size >> 1, size - 20_000, size - 5, size - 1, ...anywhere]) {
      writeFileSync(file, whole.subarray(0, at));
      const temp = tempDir();
      const error = await openBag(file, { tempDir: temp })
        .then(verifyBag)
        .catch(caught => caught);
      expect([at, error.code]).toEqual([at, expect.stringMatching(/^bag-(truncated|invalid)$/)]);
    }
  });

  test('is named wherever a byte was changed', async () => {
    const file = join(dir, 'flipped');
    await packBag(bag, file);
    const good = readFileSync(file);
    for (const part of [0, 0.1, 0.5, 0.9, 0.9999]) {
      const bytes = Buffer.from(good);
      bytes[Math.floor(part * bytes.length)]! ^= 4;
      writeFileSync(file, bytes);
      const error = await verifyBag(file).catch(caught => caught);
      expect([part, error.code]).toEqual([part, expect.stringMatching(/^(bag-\w+|digest-mismatch)$/)]);
    }
  });

  test('something behind its end is no part of it', async () => {
    const file = join(dir, 'longer');
    await packBag(bag, file);
    appendFileSync(file, 'x');
    await expect(verifyBag(file)).rejects.toMatchObject({ code: expect.stringMatching(/^bag-/) });
  });
});
