import { PerennialError } from '../errors.ts';
import { askSqlite } from './read-sqlite.ts';
import { RpmHeader } from './rpm-header.ts';
import type { SystemFiles } from './system-files.ts';

/** Where distributions have it: Fedora and SUSE moved it below /usr. */
export const RPM_FOLDERS = ['/usr/lib/sysimage/rpm', '/var/lib/rpm'];
const SQLITE = 'rpmdb.sqlite';
/** Files of formats before and beside sqlite. */
const OTHER_FORMATS: Record<string, string> = { Packages: 'Berkeley DB', 'Packages.db': 'ndb' };

/** Files of a database, absolute: what sqlite has not yet written to the database itself is in `-wal`. */
export const RPM_DATABASE = RPM_FOLDERS.flatMap(folder =>
  [SQLITE, `${SQLITE}-wal`, ...Object.keys(OTHER_FORMATS)].map(name => `${folder}/${name}`),
);

const readings = new WeakMap<SystemFiles, RpmHeader[]>();

/**
 * Headers of all installed packages, read once for a system.
 * @throws PerennialError `image-unsuitable` for another format than sqlite, or a database that is damaged
 */
export function rpmHeaders(files: SystemFiles): RpmHeader[] {
  const known = readings.get(files);
  if (known) return known;
  const headers = readHeaders(files);
  readings.set(files, headers);
  return headers;
}

function readHeaders(files: SystemFiles): RpmHeader[] {
  const folder = RPM_FOLDERS.find(each => files.has(`${each}/${SQLITE}`));
  if (folder === undefined) {
    const other = RPM_DATABASE.find(path => files.has(path)) ?? '';
    throw new PerennialError(
      'image-unsuitable',
      `The rpm database ${other} is of the format ${OTHER_FORMATS[other.slice(other.lastIndexOf('/') + 1)]}, which Perennial does not read`,
      {
        hint: 'Convert a copy of the system with `rpmdb --rebuilddb --define "_db_backend sqlite"`, and archive that.',
      },
    );
  }
  const path = `${folder}/${SQLITE}`;
  try {
    return readBlobs(files.bytes(path), files.bytes(`${path}-wal`)).map(blob => new RpmHeader(blob));
  } catch (cause) {
    throw new PerennialError('image-unsuitable', `The rpm database ${path} is damaged: ${(cause as Error).message}`, {
      cause,
      hint: 'Check it with `rpmdb --verifydb` in the system itself.',
    });
  }
}

/** The headers of `Packages(hnum INTEGER PRIMARY KEY, blob BLOB)` (rpm's lib/backend/sqlite.c). */
function readBlobs(database: Buffer, wal: Buffer): Buffer[] {
  return askSqlite(database, wal, 'SELECT blob FROM Packages ORDER BY hnum').map(row =>
    Buffer.from(row.blob as Uint8Array),
  );
}
