import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Keys, Lock } from '../encryption/lock.ts';
import { parseIdentities, parsePassphrase, parseRecipients } from '../encryption/parse-keys.ts';
import { PerennialError } from '../errors.ts';
import type { Arguments } from './parse-arguments.ts';

/* Secrets come from files, stdin (`-`) or the environment, never from arguments: those are seen by every user of a machine. */

/** Options of commands that open a bag. */
export const keyValues = ['identity-file', 'passphrase-file'];
export const keyUsage = `  --identity-file FILE    identities (AGE-SECRET-KEY-1…) that open an encrypted bag; - is stdin; or PERENNIAL_IDENTITY
  --passphrase-file FILE  its passphrase (first line); - is stdin; or PERENNIAL_PASSPHRASE`;

/** Options of commands that encrypt one. */
export const lockValues = ['recipients-file', 'passphrase-file'];
export const lockLists = ['recipient'];
export const lockUsage = `  --recipient age1…       encrypt to this public key of age; may be repeated
  --recipients-file FILE  the same, one a line
  --passphrase-file FILE  encrypt with a passphrase instead (first line); - is stdin; or PERENNIAL_PASSPHRASE`;

/** The keys that the user gives. An option comes before the environment. @throws PerennialError `bad-input` */
export async function readKeys(values: Arguments['values'], env: NodeJS.ProcessEnv = process.env): Promise<Keys> {
  if (values['identity-file'] === '-' && values['passphrase-file'] === '-') {
    throw new PerennialError('bad-input', 'Both --identity-file and --passphrase-file are stdin', {
      hint: 'Give one of them as a file, or in the environment.',
    });
  }
  const identity = await given(values, 'identity-file', env, 'PERENNIAL_IDENTITY');
  const passphrase = await given(values, 'passphrase-file', env, 'PERENNIAL_PASSPHRASE');
  return {
    identities: identity ? parseIdentities(identity.text, identity.source) : [],
    passphrases: passphrase ? [parsePassphrase(passphrase.text, passphrase.source)] : [],
  };
}

/** The recipients to encrypt to. @throws PerennialError `bad-input` */
export async function readRecipients({ values, lists }: Arguments): Promise<string[]> {
  const file = values['recipients-file'];
  return [
    ...(lists.recipient ?? []).flatMap(each => parseRecipients(each, '--recipient')),
    ...(file ? parseRecipients(await readText(file, 'recipients-file'), `--recipients-file ${file}`) : []),
  ];
}

/** What to encrypt to; undefined when nothing asks for it. @throws PerennialError `bad-input` */
export async function readLock(args: Arguments, env: NodeJS.ProcessEnv = process.env): Promise<Lock | undefined> {
  const recipients = await readRecipients(args);
  if (recipients.length > 0 && args.values['passphrase-file']) {
    throw new PerennialError('bad-input', 'Recipients and a passphrase are given', {
      hint: 'An age file takes either: to be able to open it with both, keep an identity in a file that has the passphrase.',
    });
  }
  if (recipients.length > 0) return { recipients };
  const passphrase = await given(args.values, 'passphrase-file', env, 'PERENNIAL_PASSPHRASE');
  return passphrase ? { passphrase: parsePassphrase(passphrase.text, passphrase.source) } : undefined;
}

async function given(
  values: Arguments['values'],
  option: string,
  env: NodeJS.ProcessEnv,
  variable: string,
): Promise<{ text: string; source: string } | undefined> {
  const file = values[option];
  if (file) return { text: await readText(file, option), source: file === '-' ? 'stdin' : `--${option} ${file}` };
  return env[variable] ? { text: env[variable], source: variable } : undefined;
}

async function readText(file: string, option: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  return readFile(file, 'utf8').catch((cause: Error) => {
    throw new PerennialError('bad-input', `--${option} ${file} cannot be read: ${cause.message}`, { cause });
  });
}
