import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { findEngine } from '../../src/engine/find-engine.ts';
import { readServices } from '../../src/knowledge/read-services.ts';
import { takeInventories } from '../../src/proof/take-inventories.ts';
import { containerTarget } from '../../src/system/target.ts';
import { buildOwned, engine, removeOwned } from '../support/engine-state.ts';

/* Programs of knowledge entries that mend files, carried out on the files of their examples, in a bare Debian. */

jest.setTimeout(120_000);

const ID = `programs-${randomBytes(3).toString('hex')}`;
const services = await readServices();
const programs = services.flatMap(({ id, differences }) =>
  differences.flatMap(({ id: name, run, rewrite, examples }) => {
    const files = examples.flatMap(each => ('file' in each ? [each] : []));
    return run && !rewrite && files.length > 0 ? [{ name: `${id}/${name}`, script: run.script, files }] : [];
  }),
);

function shell(script: string, env: Record<string, string> = {}, input = ''): string {
  const options = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  return engine(['exec', '-i', ...options, `${ID}-system`, 'sh', '-euc', script], { input });
}

beforeAll(() => {
  buildOwned(ID, `${ID}:base`, ['FROM debian:trixie']);
  engine(['run', '-d', '--name', `${ID}-system`, `${ID}:base`, 'sleep', 'infinity']);
});

afterAll(() => removeOwned(ID));

test('some entries have such programs', () => expect(programs.length).toBeGreaterThan(2));

const WRITE = 'mkdir -p "${FILE%/*}"; cat > "$FILE"';
/** With a mark, since an empty file is not a missing one. */
const READ = 'if [ -e "$FILE" ]; then echo there; cat "$FILE"; fi';

function read(file: string): string | null {
  const said = shell(READ, { FILE: file });
  return said === '' ? null : said.slice('there\n'.length);
}

test.each(programs)('$name', ({ script, files }) => {
  for (const { file, before } of files) if (before !== null) shell(WRITE, { FILE: file }, before);
  shell(script);
  const now = files.map(({ file }) => ({ file, after: read(file) }));
  expect(now).toEqual(files.map(({ file, after }) => ({ file, after })));
  // A restore can be tried again.
  shell(script);
  expect(files.map(({ file }) => ({ file, after: read(file) }))).toEqual(now);
});

test('what a service holds does not depend on where its container runs', async () => {
  const target = containerTarget(await findEngine('docker'), `${ID}-system`);
  // As Apache prints a virtual host without a name: https://httpd.apache.org/docs/2.4/vhosts/
  const run = `printf 'host %s on *:80\tthere\nhost %s\tthere\nhost 192.0.2.1\tthere\n' $(hostname -i) "$(hostname)"`;
  const inventory = [{ id: 'hosts', title: 'virtual hosts', source: 'hostname(1)', run }];
  const { inventories, notes } = await takeInventories(target, [{ ...services[0]!, inventory }]);
  expect(notes).toEqual([]);
  expect(inventories[0]!.rows.map(([key]) => key)).toEqual(['host <host> on *:80', 'host <host>', 'host 192.0.2.1']);
});
