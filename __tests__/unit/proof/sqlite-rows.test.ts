import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compareInventories } from '../../../src/proof/compare-inventories.ts';
import { formatInventories, parseInventories } from '../../../src/proof/inventory-file.ts';
import { explainRows, findSqliteName, isCounted, sqliteRows } from '../../../src/proof/sqlite-rows.ts';
import { directoryTarget } from '../../../src/system/target.ts';
import { tempDir } from '../../support/temp-dir.ts';

const dir = tempDir();
const target = directoryTarget('/');
const [app, other] = [join(dir, 'app.db'), join(dir, 'other.db')];
let service: DatabaseSync;

beforeAll(() => {
  service = new DatabaseSync(app);
  service.exec(`PRAGMA journal_mode = WAL; CREATE TABLE note (body); CREATE TABLE "odd ""name" (a); CREATE TABLE session (id);
    INSERT INTO note VALUES ('a'), ('b'), ('c'); INSERT INTO session VALUES (1);
    CREATE VIRTUAL TABLE found USING fts5(body); CREATE VIEW notes AS SELECT * FROM note`);
  writeFileSync(other, 'of another format'.repeat(99));
});
afterAll(() => service.close());

const take = async () =>
  (await sqliteRows(
    target,
    new Map([
      ['/srv/app.db', app],
      ['/srv/other.db', other],
    ]),
  ))!;

test('tables and rows, also those that are in the log only; the database of the service stays as it is', async () => {
  const taken = await take();
  expect(taken.files).toEqual(['/srv/app.db']);
  const own = taken.rows.filter(([key]) => !key.includes('found_'));
  expect(own).toEqual([
    ['table note of /srv/app.db', '3'],
    ['table odd "name of /srv/app.db', '0'],
    ['table session of /srv/app.db', '1'],
  ]);
  expect(parseInventories(formatInventories([taken]))).toEqual([taken]);
  expect(await sqliteRows(target, new Map([['/srv/other.db', other]]))).toBeUndefined();
});

test('a lost row or table differs; what a service writes, and sessions that end, are explained', async () => {
  const then = await take();
  service.exec('DELETE FROM session; INSERT INTO "odd ""name" VALUES (1)');
  const verdicts = async () =>
    compareInventories([then], [await take()]).findings.map(each => `${each.verdict}: ${each.subject} ${each.is}`);
  expect(await verdicts()).toEqual([
    'explained: sqlite: table odd "name of /srv/app.db 1',
    'explained: sqlite: table session of /srv/app.db 0',
  ]);
  service.exec("DELETE FROM note WHERE body = 'b'");
  expect(await verdicts()).toContain('differs: sqlite: table note of /srv/app.db 2');
  service.exec('DROP TABLE note');
  expect(await verdicts()).toContain('differs: sqlite: table note of /srv/app.db missing');
  expect(compareInventories([then], []).findings.map(each => each.verdict)).toEqual(['differs']);
});

test('by its name, or by its log', () => {
  const names = ['/a.db', '/a.sqlite3', '/srv/state-wal', '/srv/other', '/gr\u00f6\u00dfe.db'].map(findSqliteName);
  expect(names).toEqual(['/a.db', '/a.sqlite3', '/srv/state', undefined, undefined]);
  expect([0, 4096, 1e9].map(isCounted)).toEqual([false, true, false]);
});

const lost = (table: string) => explainRows(`table ${table} of /srv/cache/app.db`, '5', '4', new Set());

test('rows that are lost from tables of the owner differ, whatever their names contain', () => {
  for (const table of [
    'samples',
    'blog',
    'catalog',
    'temperature',
    'templates',
    'blocks',
    'attempts',
    'jobs',
    'api_tokens',
  ])
    expect([table, lost(table)]).toEqual([table, undefined]);
});

test('rows of sessions, caches and queues may go, and a running service writes more', () => {
  for (const table of ['sessions', 'user_session', 'page_cache', 'mail_queue', 'tmp_1'])
    expect([table, lost(table)]).toEqual([table, expect.stringContaining('come and go')]);
  expect(explainRows('table samples of /srv/app.db', '5', '6', new Set())).toContain('writes into its database');
});

test('of a database that lost other rows, too, no loss is explained, nor that of a whole table', () => {
  const rows = (sessions: string | undefined, samples: string) =>
    Object.entries({ sessions, samples }).flatMap(([table, count]): [string, string][] =>
      count === undefined ? [] : [[`table ${table} of /srv/app.db`, count]],
    );
  const inventory = (held: [string, string][]) => [
    { service: 'sqlite', id: 'rows', title: 'tables', rows: held, unsteady: [] },
  ];
  const verdicts = (sessions: string | undefined, samples: string) =>
    compareInventories(inventory(rows('5', '9')), inventory(rows(sessions, samples))).findings.map(
      each => `${each.subject.split(' ')[2]} ${each.verdict}`,
    );
  expect(verdicts('4', '9')).toEqual(['sessions explained']);
  expect(verdicts('4', '8')).toEqual(['sessions differs', 'samples differs']);
  expect(verdicts(undefined, '9')).toEqual(['sessions differs']);
  expect(verdicts('4', '10')).toEqual(['sessions explained', 'samples explained']);
});
