import { Decrypter, Encrypter } from 'age-encryption';
import { PerennialError } from '../errors.ts';
import { printable } from '../system/byte-text.ts';

/**
 * The recipients of a text: one a line, `#` begins a comment, as in the recipients files of `age -R` (age(1)).
 * @param source names the text in errors, e.g. `--recipients-file keys.txt`
 * @throws PerennialError `bad-input` for a line that is no recipient of age, or when there is none
 */
export function parseRecipients(text: string, source: string): string[] {
  const recipients = lines(text);
  for (const each of recipients) checkRecipient(each, source);
  if (recipients.length > 0) return recipients;
  throw new PerennialError('bad-input', `${source} names no recipient`, { hint: RECIPIENT_HINT });
}

/**
 * The identities of a text, as `age-keygen` writes them: one a line, `#` begins a comment. Errors tell the line's number, never its text.
 * @throws PerennialError `bad-input`
 */
export function parseIdentities(text: string, source: string): string[] {
  if (/^(-----BEGIN AGE ENCRYPTED FILE|age-encryption\.org\/)/.test(text)) {
    throw new PerennialError('bad-input', `${source} is itself encrypted`, {
      hint: 'Decrypt it first, for instance into a pipe: `age -d key.age | perennial … --identity-file -`.',
    });
  }
  const identities = lines(text);
  identities.forEach((each, index) => {
    if (!opens(() => new Decrypter().addIdentity(each))) {
      throw new PerennialError('bad-input', `${source}: identity ${index + 1} is not one of age`, {
        hint: 'An identity is a line that begins with AGE-SECRET-KEY-1, as `age-keygen` prints it. SSH keys and plugins: decrypt with `age -d` and give the decrypted file.',
      });
    }
  });
  if (identities.length > 0) return identities;
  throw new PerennialError('bad-input', `${source} holds no identity`, {
    hint: 'Give the file that `age-keygen -o key.txt` wrote.',
  });
}

/**
 * The passphrase of a text: its first line, as `age` takes it from a terminal.
 * @throws PerennialError `bad-input` when it is empty
 */
export function parsePassphrase(text: string, source: string): string {
  const passphrase = text.split(/\r?\n/)[0] ?? '';
  if (passphrase !== '') return passphrase;
  throw new PerennialError('bad-input', `${source} holds no passphrase`, { hint: 'Its first line is the passphrase.' });
}

const RECIPIENT_HINT = 'A recipient is a public key that begins with age1, as `age-keygen` prints it; give one a line.';

function lines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
}

function checkRecipient(text: string, source: string): void {
  if (/^AGE-SECRET-KEY-/i.test(text)) {
    throw new PerennialError('bad-input', `${source} holds a secret key where a recipient is expected`, {
      hint: 'Give the public key of that pair instead (`age-keygen -y key.txt` prints it), and keep the secret one to yourself.',
    });
  }
  if (opens(() => new Encrypter().addRecipient(text))) return;
  throw new PerennialError('bad-input', `${source}: "${printable(text).slice(0, 80)}" is no recipient of age`, {
    hint: `${RECIPIENT_HINT} SSH keys are not taken.`,
  });
}

function opens(add: () => void): boolean {
  try {
    add();
    return true;
  } catch {
    return false;
  }
}
