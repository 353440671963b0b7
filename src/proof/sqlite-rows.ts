import { createWriteStream } from 'node:fs';
import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { printable } from '../system/byte-text.ts';
import type { Target } from '../system/target.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import type { Inventory } from './inventory.ts';

/** Where the rows of SQLite databases stand among inventories. It is no knowledge entry: any service may have one. */
export const SQLITE_ROWS = { service: 'sqlite', id: 'rows', title: 'tables of SQLite databases and their rows' };

/** Bytes of a database that is copied to count its rows; databases of a service. */
const LARGEST = 256 * 1024 * 1024;
const MOST = 100;
/** A copy that was taken while the service wrote may be torn: it is taken again. */
const TRIES = 3;
/** Tables whose rows come and go by themselves, by a whole word of their names: `user_sessions`, but not `block` or `temperature`. */
const PASSING = /(?<![a-z])(?:sessions?|caches?|queues?|locks?|temp|tmp)(?![a-z])/i;

/** The database that a kept path may be of: by its usual names, or since it is a database's log. */
export function findSqliteName(path: string): string | undefined {
  if (!/^[\x20-\x7e]+$/.test(path)) return undefined;
  const log = /-(wal|journal)$/.exec(path);
  if (log) return path.slice(0, log.index);
  return /\.(db3?|sqlite3?|s3db)$/i.test(path) ? path : undefined;
}

/** Whether a file of this size (bytes) is copied to count its rows. */
export function isCounted(size: number): boolean {
  return size >= 512 && size <= LARGEST;
}

/** Prints those of its arguments that are databases (https://www.sqlite.org/fileformat.html, 1.3), NUL after each. */
const ARE_SQLITE = `for f; do [ "$(head -c 15 -- "$f" 2>/dev/null)" = 'SQLite format 3' ] && printf '%s\\000' "$f"; done; :`;

/**
 * Counts the rows of SQLite databases, in copies of them that this machine reads: the service needs no client for it.
 * @param files path of the key in the inventory -> path where it lies
 * @returns undefined when none of them is a database
 */
export async function sqliteRows(target: Target, files: ReadonlyMap<string, string>): Promise<Inventory | undefined> {
  const names = [...files.values()].slice(0, MOST);
  if (names.length === 0) return undefined;
  const { stdout } = await target.exec(['sh', '-c', ARE_SQLITE, 'sh', ...names], { allowFailure: true });
  const databases = new Set(stdout.toString().split('\0'));
  const found = [...files].filter(([, path]) => databases.has(path));
  if (found.length === 0) return undefined;
  const rows: Inventory['rows'] = [];
  for (const [key, path] of found)
    for (const [table, count] of await countRows(target, path))
      rows.push([`table ${printable(table)} of ${key}`, String(count)]);
  return { ...SQLITE_ROWS, rows, unsteady: [], files: found.map(([key]) => key) };
}

/**
 * Why a difference of such rows is one that a running service makes by itself; undefined: it does not. A table that is gone never is,
 * and where other tables of the database lost rows as well, something else took them all.
 * @param lost files of databases in which a table lost rows that do not come and go
 */
export function explainRows(
  key: string,
  was: string | undefined,
  is: string | undefined,
  lost: ReadonlySet<string>,
): string | undefined {
  if (was === undefined || (is !== undefined && Number(is) > Number(was)))
    return 'a service that runs writes into its database';
  if (is === undefined || !isPassing(key) || lost.has(databaseOf(key))) return undefined;
  return 'such rows come and go by themselves';
}

/** The databases in which a table that keeps its rows has fewer of them now, or is gone. */
export function losingDatabases(was: ReadonlyMap<string, string>, is: ReadonlyMap<string, string>): Set<string> {
  const losing = [...was].filter(([key, rows]) => {
    const now = is.get(key);
    return now === undefined || (!isPassing(key) && Number(now) < Number(rows));
  });
  return new Set(losing.map(([key]) => databaseOf(key)));
}

/** Keys are `table NAME of /FILE`. */
function isPassing(key: string): boolean {
  return PASSING.test(key.slice(0, key.indexOf(' of /')));
}

function databaseOf(key: string): string {
  return key.slice(key.indexOf(' of /') + ' of '.length);
}

async function countRows(target: Target, path: string): Promise<[table: string, rows: number][]> {
  for (let left = TRIES; ; left--) {
    const folder = await temporaryFolder('sqlite');
    try {
      const copy = join(folder.path, 'database');
      for (const end of ['', '-wal', '-journal']) await fetchFile(target, `${path}${end}`, `${copy}${end}`);
      return countCopy(copy);
    } catch {
      if (left <= 1) return [];
    } finally {
      await folder.remove();
    }
  }
}

async function fetchFile(target: Target, from: string, to: string): Promise<void> {
  const stream = target.execStream(['cat', '--', from], { allowFailure: true });
  stream.stdin.end();
  await pipeline(stream.stdout, createWriteStream(to, { mode: 0o600 }));
  await stream.done;
  if ((await stat(to)).size > LARGEST) await truncate(to, 0);
}

/** A stranger's database: its schema is not trusted (https://www.sqlite.org/security.html), and only its own tables are counted. */
function countCopy(file: string): [table: string, rows: number][] {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name")
      .all()
      .map(row => String(row.name));
    return tables.map(name => {
      const counted = database.prepare(`SELECT count(*) AS rows FROM "${name.replaceAll('"', '""')}"`).get();
      return [name, Number(counted!.rows)];
    });
  } finally {
    database.close();
  }
}
