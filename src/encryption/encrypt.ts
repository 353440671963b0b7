import { Encrypter } from 'age-encryption';
import type { Lock } from './lock.ts';

type Sink = (bytes: Buffer) => Promise<void>;

/** Takes plain bytes; `end` writes what is left. */
export interface EncryptedSink {
  write(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
}

/**
 * Encrypts what is written into an age file (https://age-encryption.org/v1, streaming in chunks of 64 KiB) and hands it to `sink`, which may
 * push back by its promise. Nothing but the current chunk is in memory. Errors of `sink` come out of `write` and `end`.
 */
export async function encryptInto(lock: Lock, sink: Sink): Promise<EncryptedSink> {
  const encrypter = new Encrypter();
  if ('passphrase' in lock) encrypter.setPassphrase(lock.passphrase);
  else for (const recipient of lock.recipients) encrypter.addRecipient(recipient);
  const through = new TransformStream<Uint8Array, Uint8Array>();
  const written = pump(await encrypter.encrypt(through.readable), sink);
  written.catch(() => {}); // told by write or end
  const writer = through.writable.getWriter();
  /** A sink that fails cancels the stream, and its own error is the one to tell. */
  const orSinkError = async (action: () => Promise<void>) => {
    try {
      await action();
    } catch (error) {
      await written;
      throw error;
    }
  };
  return {
    write: bytes => orSinkError(() => writer.write(bytes)),
    end: async () => {
      await orSinkError(() => writer.close());
      await written;
    },
  };
}

async function pump(encrypted: ReadableStream<Uint8Array>, sink: Sink): Promise<void> {
  for await (const chunk of encrypted) await sink(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
}
