import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { probeTable } from '../../../scripts/probe-table.ts';
import { parseSmokeTests } from '../../../src/config/read-config.ts';
import { parseProbeKind, probeKinds } from '../../../src/knowledge/probe-kind.ts';
import { clientRequest } from '../../../src/smoke/client-request.ts';
import { formatTests } from '../../../src/smoke/golden-file.ts';
import type { ClientProbe } from '../../../src/smoke/smoke-test.ts';

const kinds = [...probeKinds().values()];

test('every file of the folder is an entry, and the protocols of everyday services are there', () => {
  const files = readdirSync('knowledge/probes').filter(name => name.endsWith('.yml'));
  expect(kinds.map(each => `${each.id}.yml`).sort()).toEqual(files.sort());
  const wanted = [
    'ssh',
    'ftp',
    'imap',
    'pop3',
    'smtp',
    'dns',
    'ldap',
    'postgresql',
    'mysql',
    'redis',
    'mqtt',
    'ntp',
    'tls',
  ];
  expect(kinds.map(each => each.id)).toEqual(expect.arrayContaining(wanted));
});

test('an unknown key, a bad pattern and an id that is not the file’s name are refused', () => {
  const entry = {
    id: 'x1',
    title: 'X',
    source: 'x(1)...',
    packages: ['xx'],
    port: 1,
    fields: {},
    run: ['x'],
    example: {},
  };
  expect(parseProbeKind(stringify(entry), 'x1.yml').id).toBe('x1');
  expect(() => parseProbeKind(stringify({ ...entry, runs: 1 }), 'x1.yml')).toThrow(/probes\/x1\.yml: runs/);
  expect(() => parseProbeKind(stringify({ ...entry, statuses: [{ match: '(', is: 'x' }] }), 'x1.yml')).toThrow(
    /regular expression/,
  );
  expect(() => parseProbeKind(stringify(entry), 'y.yml')).toThrow(/file's name/);
});

describe.each(kinds.map(kind => [kind.id, kind] as const))('%s', (id, kind) => {
  const parse = () =>
    parseSmokeTests(stringify([{ name: 'example', type: id, ...kind.example }]), 'example.yml') as ClientProbe[];

  test('its example is a smoke test, and comes back from a bag as it was', () => {
    const tests = parse();
    expect(tests[0]).toMatchObject({ type: 'client', protocol: id });
    expect(parseSmokeTests(formatTests(tests), 'tests.yml')).toEqual(tests);
  });

  test('no secret is in its arguments, and every placeholder is a field', () => {
    const secret = 'S3cret-"quoted"';
    const all = Object.fromEntries(
      Object.entries(kind.fields).map(([name, field]) => [
        name,
        field.secret ? secret : field.type === 'words' ? ['w'] : field.type === 'number' ? 1 : 'value',
      ]),
    );
    const test: ClientProbe = { ...parse()[0]!, fields: all };
    const { argv, env, files, input } = clientRequest(kind, test, 'HOST', '/run/folder');
    expect(argv.filter(each => each.includes('S3cret'))).toEqual([]);
    const secrets = Object.values(kind.fields).some(field => field.secret);
    expect(JSON.stringify([env, files, input]).includes('S3cret')).toBe(secrets);
    const known = [...Object.keys(kind.fields), 'host', 'port', 'folder'];
    const texts = [
      ...kind.run.flatMap(each => (typeof each === 'string' ? [each] : each.args)),
      ...Object.values(kind.env),
      ...Object.values(kind.files),
      kind.input,
    ];
    const used = texts.flatMap(text =>
      [...text.matchAll(/\{([A-Za-z]+)(\|quoted|\.\.\.)?\}/g)].map(match => match[1]!),
    );
    expect(used.filter(name => !known.includes(name))).toEqual([]);
    expect(argv.join(' ')).toContain('HOST');
  });
});

test('what a field says stays one argument, and words are spread', () => {
  const redis = probeKinds().get('redis')!;
  const [asked] = parseSmokeTests(
    '[{ name: a, type: redis, command: [SET, "a key; rm -rf /", "$(id)"] }]',
    'x',
  ) as ClientProbe[];
  expect(clientRequest(redis, asked!, '10.0.0.2', '/f')).toMatchObject({
    argv: ['redis-cli', '-h', '10.0.0.2', '-p', '6379', '--no-auth-warning', 'SET', 'a key; rm -rf /', '$(id)'],
    env: { LC_ALL: 'C' },
    files: {},
  });
});

test.each([
  ['{ name: a, type: postgresql }', /`smoke\[1\]\.query` is missing|`\[1\]\.query` is missing/],
  ['{ name: a, type: postgresql, query: x, quary: y }', /unknown key .*quary.*did you mean .*query/s],
  ['{ name: a, type: postgresq, query: x }', /unknown probe type "postgresq"; did you mean `postgresql`/],
  ['{ name: a, type: dns, query: "a b" }', /it has to match/],
  ['{ name: a, type: ssh, user: "a\\nb" }', /one line/],
])('%s is refused', (text, said) => {
  expect(() => parseSmokeTests(`[${text}]`, 'x.yml')).toThrow(said);
});

test('docs/smoke-tests.md has the table of them (npm run readme)', () => {
  expect(readFileSync('docs/smoke-tests.md', 'utf8')).toContain(probeTable(kinds));
});
