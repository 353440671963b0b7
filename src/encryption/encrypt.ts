import { randomBytes } from 'node:crypto';
import { Decrypter, Encrypter } from 'age-encryption';
import { headerEnd } from './header.ts';
import type { Lock } from './lock.ts';
import { NONCE_BYTES, PayloadSealer, payloadKey } from './payload.ts';

type Sink = (bytes: Buffer) => Promise<void>;

/**
 * Encrypts what is written into an age file (https://age-encryption.org/v1, streaming in chunks of 64 KiB) and hands it to `sink`, which may
 * push back by its promise and does not keep what it gets; the head goes there at once. Nothing but the current chunk is in memory. Errors of `sink` come
 * out of this, `write` and `end`.
 */
export async function encryptInto(lock: Lock, sink: Sink): Promise<PayloadSealer> {
  const { header, fileKey } = await newHeader(lock);
  const nonce = randomBytes(NONCE_BYTES);
  await sink(Buffer.concat([header, nonce]));
  return new PayloadSealer(payloadKey(fileKey, nonce), sink);
}

/**
 * The head of an age file and the key that it wraps. The library makes heads only with a payload (an empty one here, left out) and keeps the key to
 * itself: a further recipient, who writes nothing into the head, is told it; a passphrase allows none, so that it opens what it has closed.
 */
async function newHeader(lock: Lock): Promise<{ header: Buffer; fileKey: Uint8Array }> {
  const encrypter = new Encrypter();
  let fileKey: Uint8Array | undefined;
  if ('passphrase' in lock) encrypter.setPassphrase(lock.passphrase);
  else {
    for (const recipient of lock.recipients) encrypter.addRecipient(recipient);
    encrypter.addRecipient({
      wrapFileKey(key) {
        fileKey = Uint8Array.from(key);
        return [];
      },
    });
  }
  const file = Buffer.from(await encrypter.encrypt(new Uint8Array()));
  const header = file.subarray(0, headerEnd(file)!);
  return { header, fileKey: fileKey ?? (await openedBy(lock, header)) };
}

async function openedBy(lock: Lock, header: Buffer): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  if ('passphrase' in lock) decrypter.addPassphrase(lock.passphrase);
  return decrypter.decryptHeader(header);
}
