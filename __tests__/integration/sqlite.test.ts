import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { buildOwned, engine, removeOwned } from '../support/engine-state.ts';
import { runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(600_000);

const ID = `sqlite-${randomBytes(3).toString('hex')}`;
const dir = tempDir();

/** Moves money between two accounts in every transaction: their sum stays, and the last transaction tells how often. */
const WRITER = `
import sqlite3, sys
db = sqlite3.connect('/srv/' + sys.argv[1], isolation_level=None)
db.execute('pragma journal_mode=wal')
db.execute('pragma synchronous=off')
db.execute('pragma wal_autocheckpoint=' + sys.argv[2])
db.executescript('create table account(name, money int); create table moved(n int, note text)')
db.executescript("insert into account values ('a', 1000); insert into account values ('b', 1000)")
n = 0
while True:
    n += 1
    db.execute('begin')
    db.execute("update account set money = money - 1 where name = 'a'")
    db.execute('insert into moved values (?, ?)', (n, 'x' * 500))
    db.execute("update account set money = money + 1 where name = 'b'")
    db.execute('delete from moved where n < ?', (n - 100,))
    db.execute('commit')
`;

beforeAll(() => {
  const install = 'RUN apt-get -q update && apt-get install -y -q --no-install-recommends procps python3';
  buildOwned(ID, `${ID}:base`, ['FROM debian:trixie', install]);
  engine(['run', '-d', '--name', `${ID}-service`, `${ID}:base`, 'sleep', 'infinity']);
  engine(['exec', '-i', `${ID}-service`, 'sh', '-c', 'cat > /srv/writer.py'], { input: WRITER });
});

afterAll(() => removeOwned(ID));

/** Archives while a writer is busy. @returns exit code, and what the database in the archive says */
async function archiveBusy(name: string, checkpoint: string) {
  engine(['exec', '-d', `${ID}-service`, 'timeout', '300', 'python3', '/srv/writer.py', name, checkpoint]);
  engine(['exec', `${ID}-service`, 'sh', '-c', `until [ -s /srv/${name}-wal ]; do sleep 0.1; done`]);
  const out = join(dir, `${name}-bag`);
  const { code, stderr } = await runPerennial(['archive', '--container', `${ID}-service`, '--out', out]);
  engine(['exec', `${ID}-service`, 'sh', '-c', 'kill $(pgrep -f writer.py)']);
  const packed = execFileSync('zstd', ['-dc', join(out, 'data/payload.tar.zst')], { maxBuffer: 1 << 30 });
  execFileSync('tar', ['-x', '--no-same-owner', '-C', dir, '--wildcards', `./srv/${name}*`], { input: packed });
  return { code, stderr, file: join(dir, 'srv', name) };
}

function expectWhole(file: string): void {
  const db = new DatabaseSync(file);
  expect(db.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
  const money = "select sum(money) as sum, max(case name when 'b' then money end) as b from account";
  const { sum, b } = db.prepare(money).get() as Record<string, number>;
  const { last } = db.prepare('select max(n) as last from moved').get() as Record<string, number>;
  db.close();
  expect({ sum, b }).toEqual({ sum: 2000, b: 1000 + last! });
}

test('a SQLite database whose log grows while it is archived is whole in the archive', async () => {
  const { code, file } = await archiveBusy('log.db', '1000000');
  expect(code).toBe(0);
  expectWhole(file);
});

test('one whose log moves into its file all the time is whole, or named as not read', async () => {
  const { code, stderr, file } = await archiveBusy('moving.db', '50');
  if (code === 0) expectWhole(file);
  else expect(stderr).toContain('not read: /srv/moving.db');
  expect([0, 4]).toContain(code);
});
