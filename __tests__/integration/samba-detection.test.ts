import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { IndexEntry } from '../../src/bag/index-entry.ts';
import { openBag } from '../../src/bag/open-bag.ts';
import { engine, removeOwned } from '../support/engine-state.ts';
import { type Ended, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(600_000);

const EXAMPLE = join(import.meta.dirname, '../../examples/samba');
const ID = `detect-${randomBytes(3).toString('hex')}`;
const dir = tempDir();
const SKELETON = ['.bash_logout', '.bashrc', '.profile'];

/** What examples/samba/operate.sh made or changed, line by line, and what the daemons then wrote. */
const MADE = [
  '/etc/group',
  '/etc/gshadow',
  '/etc/passwd',
  '/etc/shadow',
  '/etc/subgid',
  '/etc/subuid',
  ...['alice', 'bob'].flatMap(user => [`/home/${user}`, ...SKELETON.map(file => `/home/${user}/${file}`)]),
  '/var/lib/samba/private/passdb.tdb',
  '/var/lib/samba/private/secrets.tdb',
  '/share',
  '/share/lab',
  '/share/lab/data.txt',
  '/share/public',
  '/etc/samba/smb.conf',
  '/var/log/faillog', // useradd writes both
  '/var/log/lastlog',
];

/** Folders that the daemons write to: whatever they made there is state. */
const DAEMONS = /^\/var\/(lib|cache|log)\/samba(\/|$)/;

let index: Map<string, IndexEntry>;
let packaged: Set<string>;
let said: Ended;
let secrets: string[];

beforeAll(async () => {
  engine(['build', '--quiet', '--tag', `${ID}:image`, '--label', `perennial-test-owner=${ID}`, EXAMPLE]);
  engine(['run', '-d', '--name', `${ID}-old`, `${ID}:image`, 'sleep', 'infinity']);
  for (const script of ['operate.sh', 'start.sh'])
    engine(['exec', '-i', `${ID}-old`, 'bash', '-s'], { input: readFileSync(join(EXAMPLE, script)) });
  said = await runPerennial([
    'archive',
    '--container',
    `${ID}-old`,
    '--out',
    join(dir, 'bag'),
    '--context',
    EXAMPLE,
    '--smoke',
    '/dev/null',
  ]);
  expect(said).toMatchObject({ code: 0 });
  const shown =
    'cut -d: -f2 /etc/shadow; pdbedit -L -w | cut -d: -f4; cat /etc/ssl/private/*.key 2>/dev/null | sed -n 3p';
  secrets = ['pw-alice', 'pw-bob', ...engine(['exec', `${ID}-old`, 'sh', '-c', shown]).split('\n')];
  const bag = await openBag(join(dir, 'bag'));
  index = new Map();
  for await (const entry of bag.readIndex()) index.set(entry.path, entry);
  packaged = new Set(engine(['exec', `${ID}-old`, 'sh', '-c', 'cat /var/lib/dpkg/info/*.list']).split('\n'));
});

afterAll(() => removeOwned(ID));

const kept = () => [...index.values()].filter(each => ['keep', 'record', 'attributes'].includes(each.disposition));

test('all that operate.sh made or changed is kept', () => {
  const paths = new Set(kept().map(each => each.path));
  expect(MADE.filter(path => !paths.has(path))).toEqual([]);
});

test('modes and owners are those that operate.sh gave', () => {
  const shown = ['/share/lab', '/share/lab/data.txt', '/share/public', '/home/alice/.profile'].map(path => {
    const { mode, user, group } = index.get(path)!;
    return `${path} ${mode} ${user}:${group}`;
  });
  expect(shown).toEqual([
    '/share/lab 2770 root:lab',
    '/share/lab/data.txt 0644 alice:lab',
    '/share/public 1777 root:root',
    '/home/alice/.profile 0644 alice:alice',
  ]);
});

test('nothing else is kept but what the daemons wrote, and secrets of the image', () => {
  const known = new Set(MADE);
  const others = kept().filter(
    ({ path, rule, disposition }) =>
      disposition !== 'record' && !known.has(path) && !DAEMONS.test(path) && !rule.startsWith('image/secret'),
  );
  expect(others.map(each => `${each.path} (${each.rule})`)).toEqual([]);
});

test('nothing that packages ship is kept but what operate.sh edited', () => {
  expect(
    kept()
      .filter(({ path, disposition }) => disposition === 'keep' && packaged.has(path))
      .map(each => each.path),
  ).toEqual([]);
});

test('nothing counts as deleted', () => {
  expect([...index.values()].filter(each => each.disposition === 'delete').map(each => each.path)).toEqual([]);
});

test('no hash and no password is in what is said, nor in what describes the archive', async () => {
  const long = secrets.filter(secret => secret.length > 5 && !/^[!*X]+$/.test(secret));
  expect(long.length).toBeGreaterThan(3); // two passwords, and a hash of each user at least
  const explained = await runPerennial(['explain', join(dir, 'bag')]);
  const planned = await runPerennial(['plan', join(dir, 'bag'), '--base', 'debian:trixie', '--json']);
  const described = readdirSync(join(dir, 'bag'), { recursive: true, encoding: 'utf8' })
    .filter(name => !/^data\/(payload|pristine|rebuild|smoke|dumps)/.test(name) && /\.\w+$/.test(name))
    .map(name => readFileSync(join(dir, 'bag', name)))
    .map(bytes => (bytes.readUInt32LE() === 0xfd2fb528 ? zstdDecompressSync(bytes) : bytes).toString('latin1'));
  expect(described.length).toBeGreaterThan(5);
  const texts = [said, explained, planned].flatMap(({ stdout, stderr }) => [stdout, stderr]).concat(described);
  // Which one it is must not be shown either.
  expect(long.filter(secret => texts.some(text => text.includes(secret))).length).toBe(0);
});
