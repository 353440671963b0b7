import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { openBag, packBag, verifyBag } from '../../../src/bag/open-bag.ts';
import { encryptInto } from '../../../src/encryption/encrypt.ts';
import { noKeys } from '../../../src/encryption/lock.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { buildTinyBag } from '../../support/tiny-bag.ts';

const identity = await generateIdentity();
const recipient = await identityToRecipient(identity);
const keys = { ...noKeys, identities: [identity] };
let bag: string;
let file: string;
beforeAll(async () => {
  const dir = tempDir();
  // Incompressible, so that the file has more than one chunk of age (64 KiB).
  const noise = Array.from({ length: 20_000 }, (_, n) => Math.sin(n)).join('');
  bag = await buildTinyBag(join(dir, 'secret-name'), { files: { 'data/dumps/x.sql': noise } });
  file = join(dir, 'b.tar.zst.age');
  await packBag(bag, file, { lock: { recipients: [recipient] } });
});

/** A copy of the file, spoiled. */
function spoiled(spoil: (path: string, bytes: Buffer) => void): string {
  const path = join(tempDir(), 'spoiled.age');
  const bytes = readFileSync(file);
  writeFileSync(path, bytes);
  spoil(path, bytes);
  return path;
}

describe('an encrypted bag', () => {
  test('opens with its key, and leaves nothing behind', async () => {
    const temp = tempDir();
    const open = await openBag(file, { tempDir: temp, keys });
    expect(await verifyBag(open)).toEqual(await verifyBag(bag));
    expect(statSync(join(temp, readdirSync(temp)[0]!)).mode & 0o777).toBe(0o700);
    // What the service held is read where it lies: in plain text it is on no disk.
    const unpacked = readdirSync(temp, { recursive: true, encoding: 'utf8' });
    expect(unpacked.filter(name => /payload|files\.ndjson|dumps\/./.test(name))).toEqual([]);
    expect(unpacked.some(name => name.endsWith('data/manifest.json'))).toBe(true);
    await open.close();
    expect(readdirSync(temp)).toEqual([]);
  });

  test('shows no name and no content', () => {
    const bytes = readFileSync(file).toString('latin1');
    for (const word of ['secret-name', 'manifest', 'tinyd', 'ustar']) expect(bytes).not.toContain(word);
  });

  test('with a passphrase (its key derivation is slow by design)', async () => {
    const path = join(tempDir(), 'p.age');
    await packBag(bag, path, { lock: { passphrase: 'correct horse' } });
    const open = await openBag(path, { keys: { ...noKeys, passphrases: ['correct horse'] } });
    await open.close();
    const wrong = openBag(path, { keys: { ...noKeys, passphrases: ['wrong'] } });
    await expect(wrong).rejects.toMatchObject({ code: 'wrong-key', message: expect.stringContaining('passphrase') });
    const other = openBag(path, { keys });
    await expect(other).rejects.toMatchObject({ code: 'key-missing', hint: expect.stringContaining('passphrase') });
  }, 60_000);

  test('no key, another key', async () => {
    await expect(openBag(file)).rejects.toMatchObject({
      code: 'key-missing',
      hint: expect.stringContaining('--identity-file'),
    });
    const other = { ...noKeys, identities: [await generateIdentity()] };
    await expect(openBag(file, { keys: other })).rejects.toMatchObject({ code: 'wrong-key' });
  });

  test.each([
    [
      'a flipped bit in the middle',
      (path: string, bytes: Buffer) => writeFileSync(path, flipped(bytes, bytes.length >> 1)),
    ],
    ['a flipped last byte', (path: string, bytes: Buffer) => writeFileSync(path, flipped(bytes, bytes.length - 1))],
    ['a cut in the middle', (path: string, bytes: Buffer) => truncateSync(path, bytes.length >> 1)],
    ['a cut at a chunk', (path: string, bytes: Buffer) => truncateSync(path, headerLength(bytes) + 16 + 65536 + 16)],
    ['one byte too few', (path: string, bytes: Buffer) => truncateSync(path, bytes.length - 1)],
    [
      'one byte too many',
      (path: string, bytes: Buffer) => writeFileSync(path, Buffer.concat([bytes, Buffer.from('x')])),
    ],
    ['a cut header', (path: string) => truncateSync(path, 60)],
    [
      "a flipped bit in the header's seal",
      (path: string, bytes: Buffer) => writeFileSync(path, flipped(bytes, headerLength(bytes) - 5)),
    ],
  ])('%s is damage, not a wrong key', async (_, spoil) => {
    const temp = tempDir();
    const opened = openBag(spoiled(spoil), { tempDir: temp, keys });
    await expect(opened).rejects.toMatchObject({ code: 'digest-mismatch' });
    expect(readdirSync(temp)).toEqual([]);
  });

  test('an armored file', async () => {
    const path = join(tempDir(), 'a.age');
    writeFileSync(path, '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n');
    await expect(openBag(path, { keys })).rejects.toMatchObject({ code: 'bad-input' });
  });

  test('a disk that is full: the error of the sink, and nothing left', async () => {
    const full = new Error('full');
    const fill = async (room: number) => {
      let written = 0;
      const sealer = await encryptInto({ recipients: [recipient] }, async bytes => {
        written += bytes.length;
        if (written > room) throw full;
      });
      for (let n = 0; n < 100; n++) await sealer.write(Buffer.alloc(65536));
      await sealer.end();
    };
    for (const room of [0, 1_000_000]) await expect(fill(room)).rejects.toBe(full);
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

/** Up to the end of the line `--- MAC`. */
function headerLength(bytes: Buffer): number {
  return bytes.indexOf('\n', bytes.indexOf('\n--- ') + 1) + 1;
}
