import { type Bag, readBagFile } from '../bag/open-bag.ts';
import { readTar } from '../bag/tar-reader.ts';
import { PerennialError } from '../errors.ts';
import { parseAccounts } from '../system/accounts.ts';
import type { Accounts } from '../system/system-facts.ts';

/** Bytes: a hundred thousand accounts have less. */
const LARGEST_ACCOUNTS = 64 * 1024 * 1024;

/** Accounts of the old system: the databases of the payload. */
export async function recordedAccounts(bag: Bag): Promise<Accounts> {
  const files: Record<string, Buffer> = {};
  for await (const member of readTar(bag.openPayload())) {
    const name = /^etc\/(passwd|group|shadow|gshadow|subuid|subgid)$/.exec(member.header.path)?.[1];
    if (!name || member.header.kind !== 'file') continue;
    if (member.header.size > LARGEST_ACCOUNTS)
      throw new PerennialError('bag-invalid', `/etc/${name} of the bag has ${member.header.size} bytes`, {
        hint: 'No system has so many accounts: do not use this bag.',
      });
    const chunks: Buffer[] = [];
    for await (const chunk of member.body) chunks.push(chunk);
    files[name] = Buffer.concat(chunks);
  }
  return parseAccounts(files);
}

/** Accounts of the image that the old container ran from; undefined where they are not known. */
export async function pristineAccounts(bag: Bag): Promise<Accounts | undefined> {
  const files: Record<string, Buffer> = {};
  for (const each of bag.manifest.pristine) {
    const name = /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)$/.exec(each.path)?.[1];
    if (name) files[name] = await readBagFile(bag, `data/${each.file}`, LARGEST_ACCOUNTS);
  }
  return files.passwd && files.group ? parseAccounts(files) : undefined;
}
