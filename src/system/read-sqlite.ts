import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Asks a SQLite database that was read as a file, in a copy that is removed again.
 * @param database bytes of the file. @param wal of the log beside it (`-wal`), where sqlite has not yet written it to the database; may be empty
 * @param question one SELECT
 * @throws Error what sqlite says, of bytes that are no database or have no such tables
 */
export function askSqlite(database: Buffer, wal: Buffer, question: string): Record<string, unknown>[] {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-sqlite-'));
  try {
    const file = join(folder, 'copy.sqlite');
    writeFileSync(file, database, { mode: 0o600 });
    if (wal.length > 0) writeFileSync(`${file}-wal`, wal, { mode: 0o600 });
    // Loaded only where there is such a database.
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const opened = new DatabaseSync(file);
    try {
      return opened.prepare(question).all();
    } finally {
      opened.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
