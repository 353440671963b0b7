import { describe, expect, test } from '@jest/globals';
import { replacedTest } from '../../../src/archive/export-data.ts';
import { readServices } from '../../../src/knowledge/read-services.ts';
import type { ServiceExport } from '../../../src/knowledge/service.ts';

const exports: [string, ServiceExport][] = (await readServices()).flatMap(({ id, exports: all }) =>
  all.map(each => [`${id}/${each.id}`, each]),
);
const carried = (id: string, folders: string[]) => replacedTest(new Map(exports).get(id)!, folders);

test('globs and folders are carried, but for what is the owner’s own', () => {
  const isCarried = replacedTest({ replaces: ['/a/**'], keeps: ['/**/own/**'] }, ['/data']);
  const paths = ['/a/x', '/a/own/x', '/data/x', '/data/own/x', '/data', '/database/x'];
  expect(paths.filter(isCarried)).toEqual(['/a/x', '/data/x']);
});

describe('PostgreSQL', () => {
  const isCarried = carried('postgresql/dumpall', ['/var/lib/postgresql/13/main', '/srv/space']);
  const data = '/var/lib/postgresql/13/main';
  test.each([
    [`${data}/PG_VERSION`, true],
    [`${data}/base/13395/1259_fsm`, true],
    [`${data}/pg_wal/archive_status/000000010000000000000001.done`, true],
    [`${data}/postgresql.auto.conf`, true], // as ALTER SYSTEM in the dump
    ['/srv/space/PG_13_202007201/16384/16390', true],
    [`${data}/server.key`, false],
    [`${data}/postgresql.conf`, false],
    [`${data}/backups/monday/x`, false],
    ['/var/lib/postgresql/13/old.sql', false],
    ['/var/lib/postgresql/.pgpass', false],
  ])('%s: %s', (path, expected) => expect(isCarried(path)).toBe(expected));
});

describe('MariaDB', () => {
  const isCarried = carried('mariadb/dump', ['/srv/mysql']);
  test.each([
    ['/var/lib/mysql/ibdata1', true],
    ['/var/lib/mysql/lab/samples.ibd', true],
    ['/srv/mysql/mysql/user.MAD', true],
    ['/var/lib/mysql/server-key.pem', false],
    ['/srv/mysql/master.info', true], // where it was in the master's log stands in the dump
    ['/var/lib/mysql/backup/lab.sql', false],
  ])('%s: %s', (path, expected) => expect(isCarried(path)).toBe(expected));
});
