import { comparePaths } from '../bag/index-file.ts';
import { type Bag, readBagFile } from '../bag/open-bag.ts';
import { readTar } from '../bag/tar-reader.ts';
import { PerennialError } from '../errors.ts';
import { parseAccounts } from '../system/accounts.ts';
import type { Accounts } from '../system/system-facts.ts';

const DATABASE = /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)$/;

/** Bytes: a hundred thousand accounts have less. */
const LARGEST_ACCOUNTS = 64 * 1024 * 1024;

/** Accounts of the old system: the databases of the payload, which is read as far as they are. */
export async function recordedAccounts(bag: Pick<Bag, 'readIndex' | 'openPayload'>): Promise<Accounts> {
  const wanted = await databasesOf(bag);
  const files: Record<string, Buffer> = {};
  if (wanted.size === 0) return parseAccounts(files);
  for await (const member of readTar(bag.openPayload())) {
    const path = `/${member.header.path}`;
    if (!wanted.delete(path) || member.header.kind !== 'file') continue;
    const name = path.slice('/etc/'.length);
    if (member.header.size > LARGEST_ACCOUNTS)
      throw new PerennialError('bag-invalid', `/etc/${name} of the bag has ${member.header.size} bytes`, {
        hint: 'No system has so many accounts: do not use this bag.',
      });
    const chunks: Buffer[] = [];
    for await (const chunk of member.body) chunks.push(chunk);
    files[name] = Buffer.concat(chunks);
    if (wanted.size === 0) break; // what comes behind may be gigabytes
  }
  return parseAccounts(files);
}

/** Paths of those that the payload has, as the index says. */
async function databasesOf({ readIndex }: Pick<Bag, 'readIndex'>): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { path, kind, disposition } of readIndex()) {
    if (comparePaths(path, '/etc0') > 0) break; // the index is sorted
    const inPayload = disposition === 'keep' || disposition === 'record';
    if (kind === 'file' && inPayload && DATABASE.test(path)) found.add(path);
  }
  return found;
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
