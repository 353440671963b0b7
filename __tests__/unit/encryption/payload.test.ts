import { createCipheriv, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { openEncrypted } from '../../../src/encryption/decrypt.ts';
import { encryptInto } from '../../../src/encryption/encrypt.ts';
import { noKeys } from '../../../src/encryption/lock.ts';
import { openPayload } from '../../../src/encryption/payload.ts';
import { randomNumbers } from '../../support/mutate-tree.ts';
import { tempDir } from '../../support/temp-dir.ts';

/* Our own payload against age's library: what one seals the other opens. */

const CHUNK = 65536;
const SEALED = CHUNK + 16;
const identity = await generateIdentity();
const recipient = await identityToRecipient(identity);
const keys = { ...noKeys, identities: [identity] };
const noise = randomBytes(4 * CHUNK + 1000);
const EDGES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17, 4 * CHUNK];
const dir = tempDir();
let files = 0;

async function sealed(content: Buffer, pieces: number[] = [content.length]): Promise<Buffer> {
  const parts: Buffer[] = [];
  const sink = await encryptInto({ recipients: [recipient] }, async bytes => void parts.push(Buffer.from(bytes)));
  let at = 0;
  for (const length of pieces) {
    await sink.write(content.subarray(at, at + length));
    at += length;
  }
  await sink.write(content.subarray(at));
  await sink.end();
  return Buffer.concat(parts);
}

async function opened(file: Uint8Array, start?: number): Promise<Buffer> {
  const path = join(dir, `f${files++}`);
  writeFileSync(path, file);
  return read(await openEncrypted(path, keys, 'f'), start);
}

async function read(file: Awaited<ReturnType<typeof openEncrypted>>, start?: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of file.read(start)) parts.push(chunk);
  return Buffer.concat(parts);
}

const payloadOf = (file: Buffer) => file.indexOf('\n', file.indexOf('\n--- ') + 1) + 1 + 16;

test.each(EDGES)('age opens %i bytes that are sealed here', async length => {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const content = noise.subarray(0, length);
  expect(content.equals(await decrypter.decrypt(await sealed(content)))).toBe(true);
});

test.each(EDGES)('%i bytes that age sealed are opened here', async length => {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const content = noise.subarray(0, length);
  expect((await opened(await encrypter.encrypt(content))).equals(content)).toBe(true);
});

test('however it is written, and from wherever it is read', async () => {
  const seed = randomBytes(4).readUInt32LE();
  const random = randomNumbers(seed);
  const near = () => EDGES[random(EDGES.length)]! + random(3);
  const path = join(dir, 'any');
  for (let run = 0; run < 60; run++) {
    const content = noise.subarray(0, run % 2 ? near() : random(noise.length));
    const pieces = Array.from({ length: random(6) }, () => [0, 1, 16, CHUNK, SEALED, random(2 * CHUNK)][random(6)]!);
    writeFileSync(path, await sealed(content, pieces));
    const file = await openEncrypted(path, keys, 'any');
    for (const start of [0, random(content.length + 1), Math.max(0, content.length - 1)]) {
      if (start > 0 && start >= content.length) continue;
      const same = (await read(file, start)).equals(content.subarray(start));
      expect({ seed, run, start, same }).toEqual({ seed, run, start, same: true });
    }
  }
}, 60_000);

test.each<[string, (chunks: Buffer[]) => Buffer[]]>([
  ['two chunks exchanged', ([a, b, ...rest]) => [b!, a!, ...rest]],
  ['a chunk twice', ([a, ...rest]) => [a!, a!, ...rest]],
  ['a chunk left out', ([, ...rest]) => rest],
  ['the last chunk left out', chunks => chunks.slice(0, -1)],
  ['a byte of the last tag left out', chunks => [...chunks.slice(0, -1), chunks.at(-1)!.subarray(0, -1)]],
  ['less than a tag', chunks => [...chunks.slice(0, -1), chunks.at(-1)!.subarray(0, 15)]],
  ['bytes after the last chunk', chunks => [...chunks, Buffer.from('x')]],
  ['nothing at all', () => []],
])('%s is refused', async (_, change) => {
  const file = await sealed(noise);
  const begin = payloadOf(file);
  const chunks = Array.from({ length: 5 }, (_, at) => file.subarray(begin + at * SEALED, begin + (at + 1) * SEALED));
  const changed = Buffer.concat([file.subarray(0, begin), ...change(chunks)]);
  await expect(opened(changed)).rejects.toMatchObject({ code: 'digest-mismatch' });
});

test('each flipped bit is found, also where reading begins in the middle', async () => {
  const file = await sealed(noise.subarray(0, 2 * CHUNK + 5));
  for (const at of [0, 1, CHUNK, SEALED - 1, SEALED, 2 * SEALED, 2 * SEALED + 20]) {
    const changed = Buffer.from(file);
    changed[payloadOf(file) + at]! ^= 0x80;
    const start = Math.floor(at / SEALED) * CHUNK + 1;
    await expect(opened(changed, start)).rejects.toMatchObject({ code: 'digest-mismatch' });
  }
});

test('an empty last chunk after others is refused, as age does', async () => {
  const key = randomBytes(32);
  const seal = (content: Buffer, number: number, last: number) => {
    const cipher = createCipheriv('chacha20-poly1305', key, Buffer.from([...Array(10).fill(0), number, last]), {
      authTagLength: 16,
    });
    return Buffer.concat([cipher.update(content), cipher.final(), cipher.getAuthTag()]);
  };
  const all = async (...chunks: Buffer[]) => {
    const parts: Buffer[] = [];
    for await (const each of openPayload(Readable.from(chunks), key)) parts.push(each);
    return Buffer.concat(parts).length;
  };
  const full = noise.subarray(0, CHUNK);
  expect(await all(seal(full, 0, 1))).toBe(CHUNK);
  expect(await all(seal(full, 0, 0), seal(Buffer.from('x'), 1, 1))).toBe(CHUNK + 1);
  await expect(all(seal(full, 0, 0), seal(Buffer.alloc(0), 1, 1))).rejects.toThrow('the last chunk is empty');
});

test('a head with two thousand recipients', async () => {
  const encrypter = new Encrypter();
  const others = await identityToRecipient(await generateIdentity());
  for (let n = 0; n < 2000; n++)
    encrypter.addRecipient({ wrapFileKey: () => [{ args: ['other', others], body: randomBytes(64) }] });
  encrypter.addRecipient(recipient);
  const file = await encrypter.encrypt(noise);
  expect(file.length).toBeGreaterThan(noise.length + 250_000);
  expect((await opened(file)).equals(noise)).toBe(true);
});

test('a head that never ends is damage', async () => {
  const head = Buffer.from(`age-encryption.org/v1\n-> X25519 ${'a'.repeat(20 * 1024 * 1024)}`);
  await expect(opened(head)).rejects.toMatchObject({ code: 'digest-mismatch' });
});
