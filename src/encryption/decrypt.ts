import { Decrypter, type Identity } from 'age-encryption';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { printable } from '../system/byte-text.ts';
import type { Keys } from './lock.ts';

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

/**
 * The plain bytes of an age file; each is authentic before it is given out. `name` is used in errors.
 * @throws PerennialError `key-missing` when no key of the needed kind is given, `wrong-key` when none fits, `digest-mismatch` when the file
 * was changed or cut, `bag-invalid` when its header is damaged
 */
export async function* decrypt(source: AsyncIterable<Buffer>, keys: Keys, name: string): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]();
  const input = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  const plain = await openHeader(input, keys, name);
  try {
    for await (const chunk of plain) {
      interruption.check();
      yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    }
  } catch (cause) {
    if (cause instanceof PerennialError || (cause as NodeJS.ErrnoException).syscall) throw cause;
    throw new PerennialError('digest-mismatch', `${name} was changed or cut short after it was encrypted`, {
      hint: 'The key is right, the data is not: fetch the file again from where it is kept, or take another copy.',
      cause,
    });
  }
}

async function openHeader(
  input: ReadableStream<Uint8Array>,
  keys: Keys,
  name: string,
): Promise<ReadableStream<Uint8Array>> {
  const decrypter = new Decrypter();
  const seen = new StanzaKinds();
  decrypter.addIdentity(seen);
  for (const each of keys.identities) decrypter.addIdentity(each);
  for (const each of keys.passphrases) decrypter.addPassphrase(each);
  try {
    return await decrypter.decrypt(input);
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

function damaged(name: string, cause: unknown): PerennialError {
  return new PerennialError(
    'digest-mismatch',
    `${name} is encrypted, and the head of the file was changed or cut short`,
    {
      hint: 'Fetch the file again from where it is kept, or take another copy; another key would not help.',
      cause,
    },
  );
}
