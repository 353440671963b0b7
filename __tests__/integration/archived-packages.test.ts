import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { IndexEntry } from '../../src/bag/index-entry.ts';
import { type Bag, openBag } from '../../src/bag/open-bag.ts';
import { engine, removeOwned } from '../support/engine-state.ts';
import { perennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(900_000);

const ID = `archived-${randomBytes(3).toString('hex')}`;
const dir = tempDir();
const context = join(dir, 'context');

/** npm as its authors publish it: Debian's is of hundreds of packages. This one runs with the Node of each release here. */
const NPM = 'npm@10.8.2';

const DOCKERFILE = `FROM debian:bookworm
RUN apt-get -q update && apt-get install -y -q --no-install-recommends ruby ruby-dev gcc g++ make python3 nodejs libnode-dev
COPY npm /usr/local/lib/npm
RUN ln -s ../lib/npm/bin/npm-cli.js /usr/local/bin/npm && useradd -m svc && mkdir /srv/app && chown svc: /srv/app
LABEL perennial-test-owner=${ID}
CMD ["sleep", "infinity"]
`;

/** A gem of the lab's own with an extension in C; RubyGems' index is not asked. */
const GEM = `
set -e
mkdir -p /tmp/gem/ext/labfast /tmp/gem/lib
cd /tmp/gem
cat > labfast.gemspec << 'END'
Gem::Specification.new do |s|
  s.name = 'labfast'
  s.version = '1.0.0'
  s.summary = 'Adds'
  s.authors = ['Lab']
  s.files = Dir['lib/*.rb', 'ext/**/*.{c,rb}']
  s.extensions = ['ext/labfast/extconf.rb']
end
END
echo "require 'mkmf'; create_makefile('labfast/labfast')" > ext/labfast/extconf.rb
cat > ext/labfast/labfast.c << 'END'
#include <ruby.h>
static VALUE add(VALUE self, VALUE a, VALUE b) { return LONG2NUM(NUM2LONG(a) + NUM2LONG(b)); }
void Init_labfast(void) { rb_define_module_function(rb_define_module("Labfast"), "add", add, 2); }
END
echo "require 'labfast/labfast'" > lib/labfast.rb
echo "module Labfast; HELLO = 'hello'; end" > lib/labfast_hello.rb
gem build -q labfast.gemspec
gem install -q --local --no-document labfast-1.0.0.gem
cd /var/lib/gems/3.1.0/gems/labfast-1.0.0
echo "Labfast::EDIT = 'mine'" >> lib/labfast.rb
echo "Labfast::ADDED = 1" > lib/labfast_added.rb
chmod 640 lib/labfast_hello.rb
`;

const INSTALL = `
set -e
export npm_config_nodedir=/usr
npm init -y > /dev/null
npm install --silent --no-audit --no-fund ms@2.1.3 unix-dgram@2.0.6
echo 'module.exports.lab = "mine"' >> node_modules/ms/index.js
echo 'module.exports = "added"' > node_modules/ms/added.js
rm node_modules/ms/readme.md
chmod 600 node_modules/ms/license.md
touch -d '2020-02-03 04:05:06.789' node_modules/nan/nan.h
`;

const ASK_RUBY =
  "require 'labfast'; require 'labfast_hello'; require 'labfast_added'; puts [Labfast.add(40, 2), Labfast::EDIT, Labfast::HELLO, Labfast::ADDED].join(' ')";
const ASK_NODE =
  "const ms = require('ms'); console.log(ms('2 days'), ms.lab, require('ms/added'), typeof require('unix-dgram').createSocket)";
const ASK = `ruby -e "$RUBY"
cd /srv/app && node -e "$NODE"
stat -c '%A %U %y %n' node_modules/ms/license.md node_modules/nan/nan.h
ls node_modules/ms`;

function ask(name: string): string {
  return engine(['exec', '-e', `RUBY=${ASK_RUBY}`, '-e', `NODE=${ASK_NODE}`, `${ID}-${name}`, 'sh', '-ec', ASK]);
}

const ANSWERS = `42 mine hello 1
172800000 mine added function
-rw------- svc `;

/** Runs npm in the container with the registry, and the certificates, of this machine. */
function npmInstall(): void {
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const certificates = process.env.NODE_EXTRA_CA_CERTS;
  if (certificates) engine(['cp', '--follow-link', certificates, `${ID}-old:/tmp/certificates.crt`]);
  const env = [
    '-e',
    `npm_config_registry=${registry}`,
    ...(certificates ? ['-e', 'NODE_EXTRA_CA_CERTS=/tmp/certificates.crt'] : []),
  ];
  engine(['exec', '-i', '-u', 'svc', '-w', '/srv/app', ...env, `${ID}-old`, 'sh', '-s'], { input: INSTALL });
}

let bag: Bag;
let index: Map<string, IndexEntry>;
let before: string;

beforeAll(async () => {
  mkdirSync(context);
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', dir, NPM], { encoding: 'utf8' }).trim();
  execFileSync('tar', ['-xzf', join(dir, packed), '-C', context, '--transform=s,^package,npm,', '--no-same-owner']);
  writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
  engine(['build', '--quiet', '--tag', `${ID}:image`, context]);
  engine(['run', '-d', '--name', `${ID}-old`, `${ID}:image`]);
  engine(['exec', '-i', `${ID}-old`, 'sh', '-s'], { input: GEM });
  npmInstall();
  before = ask('old');
  await perennial(['archive', '--container', `${ID}-old`, '--out', join(dir, 'bag'), '--context', context]);
  await perennial(['verify', '--deep', join(dir, 'bag')]);
  bag = await openBag(join(dir, 'bag'));
  index = new Map();
  for await (const entry of bag.readIndex()) index.set(entry.path, entry);
});

afterAll(() => removeOwned(ID));

const GEMS = '/var/lib/gems/3.1.0';
const MODULES = '/srv/app/node_modules';

test('both work before the end', () => {
  expect(before.startsWith(ANSWERS)).toBe(true);
});

test.each([
  [`${GEMS}/cache/labfast-1.0.0.gem`, 'keep language/archive'],
  [`${GEMS}/gems/labfast-1.0.0/lib/labfast_hello.rb`, 'leave language/gem'],
  [`${GEMS}/gems/labfast-1.0.0/ext/labfast/labfast.c`, 'leave language/gem'],
  [`${GEMS}/gems/labfast-1.0.0/lib/labfast.rb`, 'keep language/edited'],
  [`${GEMS}/gems/labfast-1.0.0/lib/labfast_added.rb`, 'keep unowned/operation'],
  [`${GEMS}/gems/labfast-1.0.0/lib/labfast/labfast.so`, 'keep unowned/operation'],
  [`${GEMS}/specifications/labfast-1.0.0.gemspec`, 'keep unowned/operation'],
  [`${MODULES}/nan/nan.h`, 'leave language/npm'],
  [`${MODULES}/ms/license.md`, 'leave language/npm'],
  [`${MODULES}/ms/index.js`, 'keep language/edited'],
  [`${MODULES}/ms/added.js`, 'keep unowned/operation'],
  [`${MODULES}/.package-lock.json`, 'keep unowned/operation'],
])('%s: %s', (path, rule) => {
  const entry = index.get(path)!;
  expect(`${entry.disposition} ${entry.rule}`).toBe(rule);
});

test('of npm’s cache the archives are kept, and nothing else', () => {
  const cached = [...index.values()].filter(each => each.path.startsWith('/home/svc/.npm/_cacache/'));
  const kept = cached.filter(each => each.disposition === 'keep' && each.kind === 'file');
  expect(kept).toHaveLength(5); // ms, unix-dgram, nan, bindings, file-uri-to-path
  expect(cached.length).toBeGreaterThan(20);
  expect(new Set(kept.map(each => each.rule))).toEqual(new Set(['language/archive']));
});

test('manifest and SBOM have them by name and version', () => {
  const told = bag.manifest.languagePackages.map(each => `${each.name} ${each.version} ${each.files}: ${each.why}`);
  expect(told).toEqual(
    expect.arrayContaining([
      'labfast 1.0.0 left: unpacked again of its archive, which is kept; 1 of its files were changed since, and are kept',
      'ms 2.1.3 left: unpacked again of its archive, which is kept; 1 of its files were changed since, and are kept',
      'unix-dgram 2.0.6 left: unpacked again of its archive, which is kept',
    ]),
  );
  const sbom = readFileSync(bag.file('sbom.cdx.json'), 'utf8');
  for (const purl of ['pkg:npm/unix-dgram@2.0.6', 'pkg:gem/labfast@1.0.0']) expect(sbom).toContain(purl);
});

test('the bag’s own program unpacks them, with mode, owner and time', () => {
  execFileSync('shellcheck', [join(import.meta.dirname, '../../program/unpack.sh')]);
  execFileSync('sh', [bag.file('restore.sh'), `${ID}-sh`], { stdio: 'pipe' });
  expect(ask('sh')).toBe(before);
});

test('restored on the next release they are built again, as their owner, and keep what was edited', async () => {
  const names = ['--name', `${ID}-new`, '--base', 'debian:trixie', '--keep', '--report', join(dir, 'report')];
  const said = await perennial(['restore', join(dir, 'bag'), ...names]);
  expect(said).not.toMatch(/unix-dgram|labfast/); // nothing to look at
  expect(ask('new')).toBe(before);
  const foreign = `find ${MODULES} /home/svc/.npm ! -user svc; find /var/lib/gems/3.3.0 ! -user root; find / -xdev -name 'labfast.so' -path '*/3.3.0/extensions/*/3.3.0/*'`;
  expect(engine(['exec', `${ID}-new`, 'sh', '-c', foreign])).toMatch(/^\S+\/labfast\.so\n$/);
  const { entries } = JSON.parse(readFileSync(join(dir, 'report/journal.json'), 'utf8'));
  const did = entries.map((each: { what: string }) => each.what);
  expect(did).toContain("native extensions built again for today's Ruby in /var/lib/gems/3.3.0: labfast-1.0.0");
  expect(did).toContain("built again for today's Node in /srv/app: unix-dgram");
  expect(await perennial(['check', join(dir, 'bag'), '--container', `${ID}-new`])).toContain('0 differ');
});
