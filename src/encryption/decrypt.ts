import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Decrypter, type Identity } from 'age-encryption';
import { usedUp } from '../bag/release-bytes.ts';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { printable } from '../system/byte-text.ts';
import { headerEnd } from './header.ts';
import type { Keys } from './lock.ts';
import { chunkOf, NONCE_BYTES, openPayload, payloadKey } from './payload.ts';

/** The first line of every age file (https://age-encryption.org/v1). */
const MAGIC = Buffer.from('age-encryption.org/v1\n');
const ARMOR = '-----BEGIN AGE ENCRYPTED FILE';

/** So many bytes tell what a file is. */
export const HEAD_BYTES = 32;

/** Whether a file that begins with these bytes (HEAD_BYTES are enough) is an age file. @throws `bad-input` for an armored one */
export function isEncrypted(head: Buffer, name: string): boolean {
  if (head.toString('latin1').startsWith(ARMOR)) {
    throw new PerennialError('bad-input', `${name} is an armored (text) age file`, {
      hint: 'Encrypt without `--armor`, or decrypt it with `age -d` first.',
    });
  }
  return head.subarray(0, MAGIC.length).equals(MAGIC);
}

/** An age file whose head was opened. Holds its key: never printed, logged or saved. */
export interface EncryptedFile {
  /**
   * The plain bytes from `start` to the end; each is authentic before it is given out. The chunks belong to whoever asks for them.
   * @throws PerennialError `digest-mismatch` when the file was changed or cut
   */
  read(start?: number): AsyncGenerator<Buffer>;
}

/**
 * Opens an age file. Nothing of it is copied, and reading can begin anywhere. `name` is used in errors.
 * @throws PerennialError `key-missing` when no key of the needed kind is given, `wrong-key` when none fits, `digest-mismatch` when its head was
 * changed or cut
 */
export async function openEncrypted(path: string, keys: Keys, name: string): Promise<EncryptedFile> {
  const head = await readHead(path);
  const end = headerEnd(head);
  if (end === undefined || head.length < end + NONCE_BYTES) throw damaged(name);
  const fileKey = await openHeader(head.subarray(0, end), keys, name);
  const begin = end + NONCE_BYTES;
  const key = payloadKey(fileKey, head.subarray(end, begin));
  return { read: (start = 0) => readFrom(path, { key, begin, start, name }) };
}

/** More recipients than a lab has people. */
const LARGEST_HEAD = 16 * 1024 * 1024;
const HEAD_STEP = 64 * 1024;

/** The beginning of a file: its head with the nonce that follows, and perhaps more. */
async function readHead(path: string): Promise<Buffer> {
  await using file = await open(path);
  for (let length = HEAD_STEP; ; length *= 4) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    const head = buffer.subarray(0, bytesRead);
    const end = headerEnd(head);
    if ((end !== undefined && end + NONCE_BYTES <= bytesRead) || bytesRead < length || length >= LARGEST_HEAD)
      return head;
  }
}

async function* readFrom(
  path: string,
  { key, begin, start, name }: { key: Buffer; begin: number; start: number; name: string },
): AsyncGenerator<Buffer> {
  const { number, sealed, skip } = chunkOf(start);
  const source = createReadStream(path, { start: begin + sealed, highWaterMark: 1024 * 1024 });
  let left = skip;
  try {
    for await (const chunk of openPayload(usedUp(source), key, number)) {
      interruption.check();
      if (left < chunk.length) yield left === 0 ? chunk : Buffer.from(chunk.subarray(left));
      left = Math.max(0, left - chunk.length);
    }
  } catch (cause) {
    if (cause instanceof PerennialError || (cause as NodeJS.ErrnoException).syscall) throw cause;
    throw new PerennialError('digest-mismatch', `${name} was changed or cut short after it was encrypted`, {
      hint: 'The key is right, the data is not: fetch the file again from where it is kept, or take another copy.',
      cause,
    });
  }
}

async function openHeader(header: Buffer, keys: Keys, name: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  const seen = new StanzaKinds();
  decrypter.addIdentity(seen);
  for (const each of keys.identities) decrypter.addIdentity(each);
  for (const each of keys.passphrases) decrypter.addPassphrase(each);
  try {
    return await decrypter.decryptHeader(header);
  } catch (cause) {
    if (cause instanceof PerennialError) throw cause;
    throw /no identity matched/.test((cause as Error).message) ? noKeyFits(name, seen, keys) : damaged(name, cause);
  }
}

/** Opens nothing; sees for whom the file is. */
class StanzaKinds implements Identity {
  kinds: string[] = [];

  unwrapFileKey(stanzas: { args: string[] }[]): null {
    this.kinds = stanzas.map(stanza => stanza.args[0] ?? '');
    return null;
  }
}

/** Kinds of stanza that identities of `age-keygen` open. */
const KEY_PAIRS = ['X25519', 'mlkem768x25519'];

function noKeyFits(name: string, { kinds }: StanzaKinds, { identities, passphrases }: Keys): PerennialError {
  const byPassphrase = kinds.includes('scrypt');
  if (!byPassphrase && !kinds.some(kind => KEY_PAIRS.includes(kind))) {
    const shown = kinds.map(kind => printable(kind)).join(', ');
    return new PerennialError('key-missing', `${name} is encrypted to keys that are not taken here (${shown})`, {
      hint: 'Decrypt it with `age -d` and its plugin or SSH key, and give the decrypted file.',
    });
  }
  if ((byPassphrase ? passphrases : identities).length === 0) {
    return new PerennialError(
      'key-missing',
      `${name} is encrypted ${byPassphrase ? 'with a passphrase' : 'to a key'}`,
      {
        hint: byPassphrase
          ? 'Give the passphrase: --passphrase-file FILE or PERENNIAL_PASSPHRASE on the command line, `passphrase` in a workflow.'
          : 'Give the identity (AGE-SECRET-KEY-1…): --identity-file FILE or PERENNIAL_IDENTITY on the command line, `identity` in a workflow.',
      },
    );
  }
  return new PerennialError(
    'wrong-key',
    byPassphrase ? `The passphrase does not open ${name}` : `None of the given identities opens ${name}`,
    {
      hint: byPassphrase
        ? 'Give the passphrase that it was encrypted with.'
        : 'Give the identity of one of the recipients that it was encrypted to.',
    },
  );
}

function damaged(name: string, cause?: unknown): PerennialError {
  return new PerennialError(
    'digest-mismatch',
    `${name} is encrypted, and the head of the file was changed or cut short`,
    {
      hint: 'Fetch the file again from where it is kept, or take another copy; another key would not help.',
      cause,
    },
  );
}
