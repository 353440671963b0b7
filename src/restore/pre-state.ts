import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { IndexEntry } from '../bag/index-entry.ts';
import type { Bag } from '../bag/open-bag.ts';
import { endOfTar, memberPadding, readTar } from '../bag/tar-reader.ts';
import { configFilesStanzas, isStateOf } from '../plan/vanished-packages.ts';
import type { InstalledPackage } from '../system/system-facts.ts';

/** Name of the folder of a build context that holds the state of vanished packages. */
export const PRE_STATE = 'pre-state';

/**
 * Writes the state of packages that is to be there before today's are installed into a folder of a build context: what of it is
 * in the payload, and what dpkg is to know of it. The folder is not made when there are none.
 * @param whole with everything of /etc that no package shipped: scripts of packages that stay look at more than their own
 */
export async function writePreState(
  bag: Bag,
  packages: InstalledPackage[],
  context: string,
  whole = false,
): Promise<void> {
  if (packages.length === 0) return;
  const names = packages.map(each => each.name);
  const paths = new Set<string>();
  for await (const entry of bag.readIndex())
    if (entry.disposition === 'keep' && (isStateOf(entry.path, entry.package, names) || (whole && isUnowned(entry))))
      paths.add(entry.path);
  const folder = join(context, PRE_STATE);
  await mkdir(folder, { recursive: true });
  await pipeline(Readable.from(members(bag, paths)), createWriteStream(join(folder, 'state.tar')));
  await writeFile(join(folder, 'status'), configFilesStanzas(packages));
}

function isUnowned(entry: IndexEntry): boolean {
  return entry.package === undefined && entry.path.startsWith('/etc/');
}

async function* members(bag: Bag, paths: ReadonlySet<string>): AsyncGenerator<Buffer> {
  for await (const member of readTar(bag.openPayload())) {
    if (!paths.has(`/${member.header.path}`) || member.header.kind === 'hardlink') continue;
    yield member.headerBlocks;
    yield* member.body;
    yield memberPadding(member.header.storedSize);
  }
  yield endOfTar;
}

/** Where the successor ships what its own script has just carried over, dpkg would ask; it must not, and keeps what is there. */
export const KEEP_CARRIED = '/etc/dpkg/dpkg.cfg.d/perennial-old-state';

/** Lines of a Dockerfile that put it in place; the accounts have to be there already, since owners go by name. */
export const PRE_STATE_LINES: readonly string[] = [
  `COPY ${PRE_STATE} /tmp/perennial-${PRE_STATE}`,
  `RUN cd /tmp/perennial-${PRE_STATE} && tar --extract --file=state.tar --directory=/ --preserve-permissions --same-owner --keep-directory-symlink && cat status >> /var/lib/dpkg/status && mkdir -p /etc/dpkg/dpkg.cfg.d && printf 'force-confdef\\nforce-confold\\n' > ${KEEP_CARRIED} && rm -rf /tmp/perennial-${PRE_STATE}`,
];
