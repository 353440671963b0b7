import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../../..');

interface ActionFile {
  inputs: Record<string, { default?: string; required?: boolean }>;
  outputs: Record<string, unknown>;
}
const action = (file: string) => parse(readFileSync(join(ROOT, file), 'utf8')) as ActionFile;

/** What a runner gives: declared inputs only, with their defaults; expressions come out as `given` says. */
let declared: ActionFile['inputs'] = {};
let given: Record<string, string> = {};
const asked = new Set<string>();
const masked: string[] = [];

function input(name: string): string {
  asked.add(name);
  if (!(name in declared)) throw new Error(`the input ${name} is not declared`);
  return (given[name] ?? declared[name]?.default ?? '').trim();
}

jest.unstable_mockModule('@actions/core', () => ({
  getInput: input,
  getBooleanInput: (name: string) => {
    const text = input(name);
    if (text !== 'true' && text !== 'false') throw new Error(`${name} is no boolean`);
    return text === 'true';
  },
  getMultilineInput: (name: string) =>
    input(name)
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== ''),
  setSecret: (value: string) => masked.push(value),
}));

const { drillInputs, findInputs, reportInputs } = await import('../../../src/actions/drill-inputs.ts');
const { archiveInputs, givenToRestore, mainInputs, restoreInputs } = await import('../../../src/actions/inputs.ts');
const { serviceConfig } = await import('../../../src/config/service-config.ts');

const CASES = [
  {
    file: 'action.yml',
    read: mainInputs,
    needed: { context: '.', 'job-status': 'success', 'github-token': 't' },
    sets: 'start-service.ts',
  },
  {
    file: 'archive/action.yml',
    read: archiveInputs,
    needed: { container: 'lab', 'github-token': 't' },
    sets: 'archive-container.ts',
  },
  {
    file: 'restore/action.yml',
    read: restoreInputs,
    needed: { bag: 'x', 'github-token': 't' },
    sets: 'restore-service.ts',
  },
] as { file: string; read: () => object; needed: Record<string, string>; sets: string }[];

function use(file: string, values: Record<string, string>): void {
  declared = action(file).inputs;
  given = values;
}

beforeEach(() => {
  asked.clear();
  masked.length = 0;
});

describe.each(CASES)('$file', ({ file, read, needed, sets }) => {
  test('every declared input is read, and no other', () => {
    use(file, needed);
    read();
    expect([...asked].sort()).toEqual(Object.keys(action(file).inputs).sort());
  });

  test('every declared output is set, and no other', () => {
    const source = readFileSync(join(ROOT, 'src/actions', sets), 'utf8');
    const set = new Set([...source.matchAll(/setOutput\('([\w-]+)'/g)].map(match => match[1]!));
    expect([...set].sort()).toEqual(Object.keys(action(file).outputs).sort());
  });
});

const TOKEN = { 'github-token': 't' };

test.each([
  { file: 'drill/find/action.yml', read: findInputs as () => object, needed: TOKEN },
  { file: 'drill/action.yml', read: drillInputs, needed: { ...TOKEN, archive: 'lab', id: 'lab-123', bag: 'x' } },
  { file: 'drill/report/action.yml', read: reportInputs, needed: { ...TOKEN, archives: '[]' } },
])('$file: every declared input is read, and no other, and the token is masked', ({ file, read, needed }) => {
  use(file, needed as Record<string, string>);
  read();
  expect([...asked].sort()).toEqual(Object.keys(action(file).inputs).sort());
  expect(masked).toContain('t');
});

test('a drill leaves nothing, and its id is fit for a name', () => {
  use('drill/action.yml', { ...TOKEN, archive: 'lab', id: 'lab-123', bag: 'x' });
  expect(drillInputs()).toMatchObject({ archive: 'lab', restore: { name: 'drill-lab-123', keep: false } });
  use('drill/action.yml', { ...TOKEN, archive: 'lab', id: '../x', bag: 'x' });
  expect(drillInputs).toThrow('The input id is "../x"');
});

test('defaults', () => {
  use('action.yml', { context: 'here', 'job-status': 'success', 'github-token': '' });
  expect(mainInputs()).toEqual({
    context: 'here',
    dockerfile: 'Dockerfile',
    buildArgs: {},
    image: '',
    name: 'service',
    ports: [],
    volumes: [],
    env: {},
    runOptions: [],
    start: '',
    readyPort: undefined,
    readyTimeout: 60,
    config: '',
    knowledge: '',
    archiveOn: 'always',
    jobStatus: 'success',
    artifactName: '',
    retentionDays: 0,
    to: [{ kind: 'artifact', repository: '', run: undefined, name: '' }],
    keepForDays: undefined,
    lock: undefined,
    githubToken: '',
    keepContainer: false,
    verify: 'rebuild',
    allowPlaintextSecrets: false,
    attest: { instance: undefined, allowPublicLog: false, trustedRoot: '' },
    engine: '',
  });
});

const OWN = 'fulcio=https://f.lab.example\ntimestamp=https://t.lab.example\ntrusted-root=keys/root.json';
const PUBLIC = { fulcio: 'https://fulcio.sigstore.dev', rekor: 'https://rekor.sigstore.dev', timestamp: '' };

test.each([
  ['true', '', { instance: PUBLIC, allowPublicLog: false, trustedRoot: '' }],
  ['public', '', { instance: PUBLIC, allowPublicLog: true, trustedRoot: '' }],
  ['false', OWN, { instance: undefined }],
  [
    'true',
    OWN,
    {
      instance: { fulcio: 'https://f.lab.example', rekor: '', timestamp: 'https://t.lab.example' },
      trustedRoot: 'keys/root.json',
    },
  ],
])('attest: %s with sigstore: %j', (attest, sigstore, expected) => {
  use('archive/action.yml', { ...TOKEN, container: 'lab', attest, sigstore });
  expect(archiveInputs().attest).toMatchObject(expected);
});

test.each([
  ['yes', '', 'The input attest is "yes"'],
  ['true', 'rekor=https://r.lab.example', 'The input sigstore names no fulcio'],
  ['true', 'fulcio=https://f\ntsa=https://t', 'The input sigstore has the line "tsa"'],
  ['true', 'https://f', 'The input sigstore has a line that is not NAME=value'],
])('attest: %s with sigstore: %j is refused', (attest, sigstore, message) => {
  use('archive/action.yml', { ...TOKEN, container: 'lab', attest, sigstore });
  expect(archiveInputs).toThrow(message);
});

test('who must have made an archive', () => {
  const root = { 'trusted-root': 'keys/root.json' };
  use('restore/action.yml', { ...TOKEN, ...root, bag: 'x', 'attested-by': 'lab/services' });
  expect(restoreInputs()).toMatchObject({ expected: { repository: 'lab/services' }, trustedRoot: 'keys/root.json' });
  use('drill/action.yml', { ...TOKEN, archive: 'lab', id: 'lab-1', bag: 'x', 'certificate-identity': 'https://x/y' });
  expect(drillInputs().restore.expected).toMatchObject({ identity: 'https://x/y' });
  use('restore/action.yml', { ...TOKEN, bag: 'x', 'certificate-oidc-issuer': 'https://x' });
  expect(restoreInputs).toThrow('the input certificate-oidc-issuer is given without the input certificate-identity');
});

test("the owner's knowledge entries reach archive, restore and drill", async () => {
  const knowledge = { knowledge: 'ops/knowledge' };
  use('action.yml', { ...TOKEN, ...knowledge, image: 'x' });
  expect(await serviceConfig(mainInputs())).toMatchObject({ knowledge: join(process.cwd(), 'ops/knowledge') });
  use('archive/action.yml', { ...TOKEN, ...knowledge, container: 'lab' });
  expect(await serviceConfig(archiveInputs())).toMatchObject({ knowledge: join(process.cwd(), 'ops/knowledge') });
  use('restore/action.yml', { ...TOKEN, ...knowledge, bag: 'x' });
  expect(givenToRestore(restoreInputs())).toEqual({ name: 'restored', keep: true, olderPackages: true, ...knowledge });
  use('drill/action.yml', { ...TOKEN, ...knowledge, archive: 'lab', id: 'lab-1', bag: 'x' });
  expect(givenToRestore(drillInputs().restore)).toEqual({
    name: 'drill-lab-1',
    keep: false,
    olderPackages: true,
    ...knowledge,
  });
});

test('values in lines; secrets by their names are masked', () => {
  use('action.yml', {
    image: 'x',
    env: 'A=1\n DB_PASSWORD=s=e cret \n',
    'run-options': '--cap-add\nNET_ADMIN',
    'ready-port': '445',
    'github-token': '',
  });
  expect(mainInputs()).toMatchObject({
    env: { A: '1', DB_PASSWORD: 's=e cret' },
    runOptions: ['--cap-add', 'NET_ADMIN'],
    readyPort: 445,
  });
  expect(masked).toEqual(['s=e cret']);
});

test('what encrypts and what opens an archive is masked, and nothing else of it', () => {
  const recipient = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'; // of age's README
  use('action.yml', { image: 'x', 'github-token': 't0ken', 'encrypt-to': `# lab\n${recipient}` });
  expect(mainInputs().lock).toEqual({ recipients: [recipient] });
  use('archive/action.yml', { container: 'x', passphrase: 'correct horse', 'keep-for': '2 weeks', 'github-token': '' });
  expect(archiveInputs()).toMatchObject({ lock: { passphrase: 'correct horse' }, keepForDays: 14 });
  const identity = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX'; // of age's test vectors
  use('restore/action.yml', {
    bag: 'x',
    identity: `# public key: y\n${identity}\n`,
    passphrase: 'pw',
    'github-token': '',
  });
  expect(restoreInputs().keys).toEqual({ identities: [identity], passphrases: ['pw'] });
  expect(masked).toEqual(['t0ken', 'correct horse', '# public key: y', identity, 'pw']);
});

test.each<[string, string, () => object, Record<string, string>, RegExp]>([
  ['nothing to start', 'action.yml', mainInputs, {}, /Neither `context` nor `image`/],
  [
    'a port in words',
    'action.yml',
    mainInputs,
    { image: 'x', 'ready-port': 'http' },
    /ready-port is "http", not a number/,
  ],
  ['archive-on', 'action.yml', mainInputs, { image: 'x', 'archive-on': 'never' }, /archive-on is "never"/],
  [
    'env without a name',
    'action.yml',
    mainInputs,
    { image: 'x', env: 'hunter2' },
    /^The input env has a line that is not NAME=value$/,
  ],
  ['two sources', 'restore/action.yml', restoreInputs, { bag: 'a', artifact: 'b' }, /either `bag` or `artifact`/],
  ['two locks', 'action.yml', mainInputs, { image: 'x', 'encrypt-to': 'age1', passphrase: 'b' }, /both given/],
  ['a recipient', 'action.yml', mainInputs, { image: 'x', 'encrypt-to': 'bob' }, /encrypt-to: "bob" is no recipient/],
  ['a place', 'action.yml', mainInputs, { image: 'x', to: 'oci:x' }, /"oci:x" is no reference/],
  ['no place', 'action.yml', mainInputs, { image: 'x', to: ' ' }, /input to is empty/],
  ['a time', 'action.yml', mainInputs, { image: 'x', 'keep-for': 'ever' }, /keep-for is "ever"/],
  ['no source', 'restore/action.yml', restoreInputs, {}, /either `bag` or `artifact`/],
])('refuses %s', (_, file, read, values, message) => {
  use(file, values);
  expect(read).toThrow(message);
});
