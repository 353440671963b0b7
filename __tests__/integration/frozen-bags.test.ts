import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { BAG_SCHEMA } from '../../src/bag/manifest.ts';
import { engine } from '../support/engine-state.ts';
import { perennial } from '../support/run-perennial.ts';

jest.setTimeout(300_000);

/** Bags as earlier versions wrote them; freeze.sh there says how the next one is made. They are never made again. */
const FOLDER = join(import.meta.dirname, '../captured/bags');
const bags = readdirSync(FOLDER).filter(name => name.endsWith('.tar.zst'));

test('there is a frozen bag of every schema', () => {
  expect(bags.sort()).toEqual(Array.from({ length: BAG_SCHEMA }, (_, n) => `schema-${n + 1}.tar.zst`).sort());
});

describe.each(bags)('%s, of a service on Debian 12', file => {
  const bag = join(FOLDER, file);
  const name = `frozen-${randomBytes(3).toString('hex')}`;

  afterAll(() => {
    engine(['rm', '--force', '--volumes', name]);
    engine(['volume', 'rm', '--force', ...volumes()]);
    engine(['rmi', '--force', `perennial/${name}:restored`]);
  });

  /** Of the container that is restored: they are named after it. */
  function volumes(): string[] {
    return [
      'none',
      ...engine(['volume', 'ls', '--quiet', '--filter', `name=${name}`])
        .split('\n')
        .filter(Boolean),
    ];
  }

  test('is whole', async () => {
    expect(await perennial(['verify', '--deep', bag])).toMatch(/^The bag is complete and unchanged: \d+ files/);
  });

  test('explains its paths', async () => {
    const paths = [
      '/srv/lab/notes/first',
      '/etc/update-motd.d/10-uname',
      '/etc/bash.bashrc',
      '/usr/bin/env',
      '/absent',
    ];
    const said = await perennial(['explain', bag, ...paths]);
    for (const path of paths) expect(said).toContain(path);
    expect(said).toMatch(/10-uname\n {2}deletion kept/);
  });

  test('is planned for and restored on today’s release, and answers as then', async () => {
    const base = ['--base', 'debian:trixie'];
    expect(await perennial(['plan', bag, ...base])).toMatch(/put back 27 paths by owner name/);
    const json = await perennial(['restore', bag, '--name', name, ...base, '--keep', '--json']);
    expect(JSON.parse(json)).toMatchObject({ smoke: [{ verdict: 'same' }] });
    const look =
      "cat /srv/volume/result; stat -c %i /srv/lab/notes/first /srv/lab/notes/second | uniq -c | wc -l; find /srv/lab/notes -name 'new*'";
    expect(engine(['exec', name, 'sh', '-c', look])).toBe('42\n1\n/srv/lab/notes/new\nline\n');
    expect(engine(['exec', name, 'tail', '-n1', '/etc/bash.bashrc'])).toBe('alias lab="cd /srv/lab"\n');
  });
});
