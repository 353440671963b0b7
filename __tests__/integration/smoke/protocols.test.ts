import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { stringify } from 'yaml';
import { askLiving } from '../../../src/archive/ask-living.ts';
import { defaultTests } from '../../../src/archive/default-tests.ts';
import { defaultConfig } from '../../../src/config/config.ts';
import { parseSmokeTests } from '../../../src/config/read-config.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { findEngine } from '../../../src/engine/find-engine.ts';
import { readServices } from '../../../src/knowledge/read-services.ts';
import { compareInventories } from '../../../src/proof/compare-inventories.ts';
import { findingText } from '../../../src/proof/finding.ts';
import { takeInventories } from '../../../src/proof/take-inventories.ts';
import { runSmokeTests } from '../../../src/smoke/run-smoke.ts';
import type { SmokeAnswer, SmokeTest } from '../../../src/smoke/smoke-test.ts';
import { type ReadRunning, readRunning } from '../../../src/system/running.ts';
import { containerTarget } from '../../../src/system/target.ts';

jest.setTimeout(1_200_000);

/* Every kind of knowledge/probes against a real server of its protocol, with the real client. */
const PASSWORD = 'pw-alice "quoted\\';
const login = { user: 'alice', password: PASSWORD };

/** Test without its name, status, and lines (or a pattern that all of them match). */
const CASES: [name: string, test: object, status: string, lines?: string[] | RegExp][] = [
  ['ssh host keys', { type: 'ssh' }, 'ok', /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp256) \S+$/],
  ['ssh login', { type: 'ssh', ...login, command: 'id -un' }, 'ok', ['alice']],
  ['ssh refused', { type: 'ssh', user: 'alice', password: 'wrong' }, 'login refused', []],
  ['ftp file', { type: 'ftp', ...login, path: 'data.txt' }, 'ok', ['measured 42']],
  ['ftp listing', { type: 'ftp', ...login }, 'ok', ['data.txt']],
  ['ftp refused', { type: 'ftp', user: 'alice', password: 'wrong' }, 'login refused', []],
  ['imap', { type: 'imap', ...login, command: 'STATUS INBOX (MESSAGES)' }, 'ok', ['* STATUS INBOX (MESSAGES 1)']],
  ['imap refused', { type: 'imap', user: 'alice', password: 'wrong' }, 'login refused', []],
  ['pop3', { type: 'pop3', ...login }, 'ok', /^1 \d+$/],
  ['pop3 refused', { type: 'pop3', user: 'alice', password: 'wrong' }, 'login refused', []],
  ['smtp taken', { type: 'smtp', recipient: 'alice@lab.example' }, 'ok', /^250 /],
  ['smtp refused', { type: 'smtp', recipient: 'nobody-here@lab.example' }, 'recipient refused', /^[25]50 /],
  [
    'dns',
    { type: 'dns', query: 'www.lab.example' },
    'ok',
    ['www.lab.example. IN A 10.0.0.2', 'www.lab.example. IN A 10.0.0.3'],
  ],
  ['dns unknown', { type: 'dns', query: 'none.lab.example' }, 'NXDOMAIN', []],
  [
    'ldap',
    { type: 'ldap', base: '', scope: 'base', attributes: ['namingContexts'] },
    'ok',
    ['dn:', 'namingContexts: dc=nodomain'],
  ],
  ['ldap refused', { type: 'ldap', user: 'cn=admin,dc=nodomain', password: 'wrong' }, 'login refused', []],
  [
    'postgresql',
    { type: 'postgresql', database: 'lab', user: 'app', password: 'app-pw', query: "select 'a', 1;\nselect 2" },
    'ok',
    ['a|1', '2'],
  ],
  [
    'postgresql refused',
    { type: 'postgresql', user: 'app', password: 'wrong', query: 'select 1' },
    'login refused',
    [],
  ],
  [
    'postgresql error',
    { type: 'postgresql', database: 'lab', user: 'app', password: 'app-pw', query: 'select * from none' },
    'does not exist',
    [],
  ],
  [
    'mysql',
    {
      type: 'mysql',
      database: 'lab',
      user: 'app',
      password: 'app "pw',
      query: 'select count(*), max(id) from samples',
    },
    'ok',
    ['2\t2'],
  ],
  ['mysql refused', { type: 'mysql', user: 'app', password: 'wrong', query: 'select 1' }, 'login refused', []],
  ['redis', { type: 'redis', password: 'redis-pw', command: ['GET', 'sample:1'] }, 'ok', ['42']],
  ['redis refused', { type: 'redis', command: ['GET', 'sample:1'] }, 'login refused'],
  [
    'mqtt',
    { type: 'mqtt', port: 1884, user: 'alice', password: 'pw-alice', topic: 'lab/#' },
    'ok',
    ['lab/temperature 21.5'],
  ],
  ['mqtt refused', { type: 'mqtt', port: 1884, user: 'alice', password: 'wrong', topic: 'lab/#' }, 'login refused', []],
  ['ntp', { type: 'ntp' }, 'ok', ['s8 no-leap']],
  ['ntp, synchronised or not', { type: 'ntp', any: 'yes' }, 'ok', ['it answers']],
  [
    'tls of imap',
    { type: 'tls', port: 143, starttls: 'imap' },
    'ok',
    /^(TLSv1\.3|subject=|issuer=|notAfter=|sha256 Fingerprint=)/,
  ],
  ['tls of nobody', { type: 'tls', port: 9 }, 'refused', []],
  ['nobody there', { type: 'postgresql', port: 9, query: 'select 1' }, 'refused', []],
];

/** Tests that nobody wrote: name, status, first line. */
const DEFAULTS = [
  [
    'BIND: SOA of lab.example',
    'ok',
    expect.stringMatching(/^lab\.example\. IN SOA ns\.lab\.example\. hostmaster\S+ <masked> 3600/),
  ],
  ['chrony: an answer', 'ok', 'it answers'],
  ['CUPS: GET / on port 631', '400', expect.stringMatching(/^server: CUPS/)],
  ['Dovecot: greeting on port 110', 'connected', '+OK <masked>'],
  ['Dovecot: greeting on port 143', 'connected', expect.stringMatching(/^\* OK .*STARTTLS/)],
  ['Dovecot: TLS on port 993', 'ok', 'TLSv1.3'],
  ['Dovecot: TLS on port 995', 'ok', 'TLSv1.3'],
  ['Exim: greeting on port 25', 'connected', expect.stringMatching(/^220 <masked> ESMTP Exim [\d.]+ <masked>$/)],
  ['lighttpd: GET / on port 80', '200', expect.stringMatching(/^server: lighttpd/)],
  ['MariaDB: databases', 'exit 0', 'lab'],
  ['MariaDB: version', 'exit 0', expect.stringMatching(/^\d+\.\d+\.\d+-MariaDB/)],
  ['Mosquitto: its version on port 1883', 'ok', expect.stringMatching(/mosquitto version \d/)],
  ['OpenLDAP: what it serves, to anonymous clients', 'ok', 'dn:'],
  ['OpenSSH server: greeting on port 22', 'connected', expect.stringMatching(/^SSH-2\.0-OpenSSH/)],
  ['OpenSSH server: fingerprints of the host keys', 'exit 0', expect.stringMatching(/^\d+ SHA256:/)],
  ['PostgreSQL: databases', 'exit 0', 'lab|app'],
  ['PostgreSQL: version', 'exit 0', expect.stringMatching(/^\d+\.\d+ /)],
  ['Redis: PING on port 6379', 'exit 0', expect.stringMatching(/^(PONG|NOAUTH)/)],
  ['Squid: GET / on port 3128', '400', expect.stringMatching(/^server: squid/)],
  ['vsftpd: greeting on port 21', 'connected', expect.stringMatching(/^220 \(vsFTPd/)],
];

const id = `protocols-${randomBytes(3).toString('hex')}`;
const warnings: string[] = [];
let engine: Engine;
let tests: SmokeTest[];
let answers: Map<string, SmokeAnswer>;
/** Client images of others. */
let before: string[];

function clientImages(): string[] {
  const list = ['images', '--format', '{{.Repository}}:{{.Tag}}', 'perennial-client'];
  return execFileSync(engine.name, list, { encoding: 'utf8' }).split('\n').filter(Boolean);
}

beforeAll(async () => {
  engine = await findEngine();
  before = clientImages();
  tests = parseSmokeTests(stringify(CASES.map(([name, fields]) => ({ name, timeout: 60, ...fields }))), 'protocols');
  await engine.build({ context: join(import.meta.dirname, 'protocols'), tag: `${id}:test` });
  await engine.run({ name: id, image: `${id}:test`, command: ['sleep', 'infinity'] });
  await engine.exec(id, ['bash', '/opt/serve.sh', 'start']);
  const progress = { step() {}, detail() {}, warn: (text: string) => void warnings.push(text) };
  const given = await runSmokeTests(tests, { engine, container: id, address: '' }, progress);
  answers = new Map(given.map(each => [each.name, each]));
});

afterAll(async () => {
  await engine.removeContainer(id);
  await engine.removeImage(`${id}:test`);
  for (const image of clientImages()) if (!before.includes(image)) await engine.removeImage(image);
});

test.each(CASES)('%s', (name, _, status, lines = /./) => {
  const answer = answers.get(name)!;
  if (lines instanceof RegExp) {
    expect(answer).toMatchObject({ status });
    expect(answer.lines.length).toBeGreaterThan(0);
    expect(answer.lines.filter(line => !lines.test(line))).toEqual([]);
  } else expect([answer.status, answer.lines]).toEqual([status, lines]);
});

test('without any configuration every recognised service is asked what knowledge/ has for it, and answers', async () => {
  const said: string[] = [];
  const progress = { step() {}, detail() {}, warn: (text: string) => void said.push(text) };
  const target = containerTarget(engine, id);
  const address = (await engine.inspectContainer(id)).address;
  const living = await askLiving({ engine, name: id, address, target }, defaultConfig, progress);
  expect(living.answers.map(each => [each.name, each.status, each.lines[0]])).toEqual(DEFAULTS);
  expect(said).toEqual([]);
});

test('where nobody tells who listens, recognised services are asked on their usual ports', async () => {
  const target = containerTarget(engine, id);
  const { sockets } = await readRunning(target, String, () => '');
  const services = (await readServices()).filter(each =>
    DEFAULTS.some(([name]) => String(name).startsWith(each.title)),
  );
  const nameless = sockets.map(each => ({ ...each, program: '' }));
  const asked = (await defaultTests(target, services, nameless)).map(each => each.name);
  expect(asked.filter(name => / port \d+$/.test(name)).sort()).toEqual([
    'Dovecot: TLS on port 993',
    'Dovecot: TLS on port 995',
    'Exim: greeting on port 25',
    'Mosquitto: its version on port 1883',
    'Squid: GET / on port 3128',
    'lighttpd: GET / on port 80',
  ]);
});

test('of each port it is told which program listens, also of daemons that gave up root', async () => {
  const { execBeside: _, ...inside } = containerTarget(engine, id);
  const ownerless = (found: ReadRunning) => found.sockets.filter(each => each.program === '').map(each => each.port);
  expect(ownerless(await readRunning(inside, String, () => ''))).toEqual(expect.arrayContaining([53, 389, 1883, 5432]));
  const found = await readRunning(containerTarget(engine, id), String, () => '');
  expect(ownerless(found)).toEqual([]);
  const holders = new Map(found.sockets.map(each => [each.port, each.program]));
  expect([53, 110, 389, 1883, 3128, 5432].map(port => holders.get(port)!.replace(/.*\//, ''))).toEqual([
    'named',
    'dovecot',
    'slapd',
    'mosquitto',
    'squid-gnutls',
    'postgres',
  ]);
});

test.each(['mariadb', 'openldap', 'postgresql'])('%s exports the same state in the same bytes', async service => {
  const target = containerTarget(engine, id);
  const one = (await readServices()).find(each => each.id === service)!.exports[0]!;
  const dump = async () => (await target.exec(['sh', '-c', one.run], one.user ? { user: one.user } : {})).stdout;
  const first = await dump();
  await new Promise(done => setTimeout(done, 1100)); // dates are of seconds
  expect(`${await dump()}`).toBe(`${first}`);
  expect(first.length).toBeGreaterThan(1000);
});

test('what databases hold is told by the entries of knowledge/, and a lost row of each is named', async () => {
  const target = containerTarget(engine, id);
  const services = (await readServices()).filter(each => ['mariadb', 'postgresql'].includes(each.id));
  const held = async () => (await takeInventories(target, services)).inventories;
  const shell = (program: string) => engine.exec(id, ['sh', '-c', program]);
  await shell(`su postgres -c "psql -q lab -c 'create table samples as select generate_series(1, 3) as id'"`);
  const then = await held();
  await shell(`mariadb -e 'delete from lab.samples where id = 1'
    su postgres -c "psql -q lab -c 'delete from samples where id = 1'"`);
  expect(compareInventories(then, await held()).findings.map(findingText)).toEqual([
    'mariadb: table lab.samples: value is 1, was 2',
    'postgresql: table lab.public.samples: value is 2, was 3',
  ]);
});

test('nothing had to be warned of, and no client container is left', () => {
  expect(warnings).toEqual([]);
  expect(execFileSync(engine.name, ['ps', '-aq', '--filter', 'label=perennial=client'], { encoding: 'utf8' })).toBe('');
});
