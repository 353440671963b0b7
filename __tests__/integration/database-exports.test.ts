import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { buildOwned, engine, removeOwned } from '../support/engine-state.ts';
import { perennial, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(600_000);

/* What the databases' own programs leave out of a dump unless they are told, or without a word. */

const ID = `exports-${randomBytes(3).toString('hex')}`;
const bag = join(tempDir(), 'bag');
const inside = (script: string) => engine(['exec', '-i', `${ID}-old`, 'sh', '-e'], { input: script });
const allow = (value: boolean) =>
  inside(`su postgres -c "psql -qc 'alter database closed with allow_connections ${value}'"`);

beforeAll(() => {
  buildOwned(ID, `${ID}:image`, [
    'FROM debian:bookworm',
    'RUN apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends mariadb-server postgresql',
  ]);
  engine(['run', '-d', '--name', `${ID}-old`, `${ID}:image`, 'sleep', 'infinity']);
  inside(`
service mariadb start; pg_ctlcluster 15 main start
mariadb -e "create database lab; use lab; create table log(x text) with system versioning; insert into log values('older'); update log set x='newer'; create user u@localhost; grant select(x) on lab.log to u@localhost"
su postgres -c "psql -qc 'create database closed'"
`);
});

afterAll(() => removeOwned(ID));

test('a database that allows no connections is named, and not left out', async () => {
  allow(false);
  const { code, stderr } = await runPerennial(['archive', '--container', `${ID}-old`, '--out', bag]);
  expect(code).not.toBe(0);
  expect(stderr).toContain('databases that allow no connections cannot be dumped: closed');
});

test('old rows of a table with system versioning are in the dump, and rights to it come after it', async () => {
  allow(true);
  await perennial(['archive', '--container', `${ID}-old`, '--out', bag]);
  const dump = readFileSync(join(bag, 'data/dumps/mariadb/dump.sql'), 'utf8');
  expect(dump).toContain("'older'");
  expect(dump).toContain("'newer'");
  expect(dump.indexOf('GRANT SELECT (`x`)')).toBeGreaterThan(dump.indexOf("'newer'"));
  expect(readFileSync(join(bag, 'data/dumps/postgresql/dumpall.sql'), 'utf8')).toContain('CREATE DATABASE closed');
});
