import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import { runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(300_000);

const dir = tempDir();
const root = join(dir, 'root');

/** Moves money between two accounts in every transaction: their sum stays, and the last transaction tells how often. */
const WRITER = `
const db = new (require('node:sqlite').DatabaseSync)(process.argv[1]);
db.exec('pragma journal_mode=wal; pragma synchronous=off; pragma wal_autocheckpoint=' + process.argv[2]);
db.exec("create table account(name, money int); create table moved(n int, note text)");
db.exec("insert into account values ('a', 1000), ('b', 1000)");
const pause = new Int32Array(new SharedArrayBuffer(4));
for (let n = 1; ; n++) {
  Atomics.wait(pause, 0, 0, 5); // milliseconds: a busy service, not a flood
  db.exec("begin; update account set money = money - 1 where name = 'a'");
  db.exec('insert into moved values (' + n + ", '" + 'x'.repeat(500) + "'); delete from moved where n < " + (n - 100));
  db.exec("update account set money = money + 1 where name = 'b'; commit");
}
`;

function startWriter(file: string, checkpoint: string): ChildProcess {
  return spawn(process.execPath, ['--no-warnings', '-e', WRITER, file, checkpoint], { stdio: 'ignore' });
}

/** Archives a root directory while a writer is busy in it. @returns exit code, and the database out of the archive */
async function archiveBusy(name: string, checkpoint: string) {
  mkdirSync(join(root, 'srv'), { recursive: true });
  mkdirSync(join(root, 'etc'), { recursive: true });
  writeFileSync(join(root, 'etc/os-release'), 'ID=lab\n');
  const log = join(root, 'srv', `${name}-wal`);
  const writer = startWriter(join(root, 'srv', name), checkpoint);
  const out = join(dir, `${name}-bag`);
  try {
    while (!existsSync(log) || statSync(log).size === 0) await sleep(20);
    const ended = await runPerennial(['archive', '--rootfs', root, '--out', out]);
    expect(statSync(log).size).toBeGreaterThan(0); // it was busy to the end
    expect(writer.exitCode).toBeNull();
    const packed = execFileSync('zstd', ['-dc', join(out, 'data/payload.tar.zst')], { maxBuffer: 1 << 30 });
    execFileSync('tar', ['-x', '--no-same-owner', '-C', dir, '--wildcards', `./srv/${name}*`], { input: packed });
    return { ...ended, file: join(dir, 'srv', name) };
  } finally {
    writer.kill('SIGKILL');
  }
}

function expectWhole(file: string): void {
  const db = new DatabaseSync(file);
  expect(db.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
  const money = "select sum(money) as sum, max(case name when 'b' then money end) as b from account";
  const { sum, b } = db.prepare(money).get() as Record<string, number>;
  const { last } = db.prepare('select max(n) as last from moved').get() as Record<string, number>;
  db.close();
  expect(last).toBeGreaterThan(0);
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
