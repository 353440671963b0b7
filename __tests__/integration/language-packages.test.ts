import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { IndexEntry } from '../../src/bag/index-entry.ts';
import { type Bag, openBag } from '../../src/bag/open-bag.ts';
import { engine, removeOwned } from '../support/engine-state.ts';
import { perennial, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(900_000);

const ID = `language-${randomBytes(3).toString('hex')}`;
const dir = tempDir();
const context = join(dir, 'context');

/** Wheels of the lab's own, with a program each; the index is a folder. */
const MAKE_WHEELS = `
import base64, hashlib, sys, zipfile
for name, version in (word.split('==') for word in sys.argv[1:]):
    info = f'{name}-{version}.dist-info'
    files = {
        f'{name}/__init__.py': f'version = "{version}"\\ndef main(): print("{name}", version)\\n',
        f'{name}/data/table.txt': 'x' * 1000,
        f'{info}/METADATA': f'Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n',
        f'{info}/WHEEL': 'Wheel-Version: 1.0\\nGenerator: lab\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n',
        f'{info}/entry_points.txt': f'[console_scripts]\\n{name} = {name}:main\\n',
    }
    record = ''
    with zipfile.ZipFile(f'/srv/wheels/{name}-{version}-py3-none-any.whl', 'w') as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()
            record += f'{path},sha256={digest},{len(text)}\\n'
        wheel.writestr(f'{info}/RECORD', record + f'{info}/RECORD,,\\n')
`;

/**
 * A paper's analysis: the mean and a plot of measurements. Another Python rounds and draws a little otherwise, as other versions
 * of numpy and matplotlib do.
 */
const ANALYSE = `
import struct, sys, zlib
minor = sys.version_info.minor
values = [float(line) for line in open('/srv/paper/measurements')]
print('mean', repr(sum(values) / len(values) * (1 + 1e-12 * minor)))
with open('/srv/paper/fit.csv', 'w') as fit:
    fit.writelines('%r,%r\\n' % (n, v * (1 + 1e-12 * minor)) for n, v in enumerate(values))
height = open('/srv/paper/scale').read().strip()
rows = [bytearray(b'\\xff' * 200) for _ in range(100)]
for x in range(200):
    y = int(values[x * len(values) // 200] * int(height))
    for edge, ink in ((-1, 240 - minor), (0, 0), (1, 240 - minor)):
        rows[min(99, max(0, 99 - y + edge))][x] = ink
def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
with open('/srv/paper/figure.png', 'wb') as png:
    png.write(b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 200, 100, 8, 0, 0, 0, 0)))
    png.write(chunk(b'IDAT', zlib.compress(b''.join(b'\\0' + row for row in rows))) + chunk(b'IEND', b''))
`;

const CONFIG = `smoke:
  - { name: the numbers, type: analysis, run: python3 /srv/paper/analyse.py, files: /srv/paper/fit.csv }
  - name: the figure
    type: analysis
    run: python3 /srv/paper/analyse.py > /dev/null
    images: /srv/paper/figure.png
`;

const OPERATE = `
set -e
mkdir /srv/paper
cat > /srv/paper/analyse.py << 'END'
${ANALYSE}END
python3 -c 'for n in range(400): print(2.5 * 0.99 ** n)' > /srv/paper/measurements
echo 35 > /srv/paper/scale
pip3 install -q labmath==1.0 labgone==1.0 labold==1.0
python3 -m venv /opt/app
/opt/app/bin/pip install -q labmath==1.0 labtext==1.0
/opt/app/bin/pip install -q /srv/wheels/labfile-1.0-py3-none-any.whl
/opt/built/bin/pip install -q labtext==1.0
echo 'lab = "mine"' >> /opt/app/lib/python3.9/site-packages/labtext/__init__.py
echo 'x = 1' > /opt/app/lib/python3.9/site-packages/mine.py
python3 /srv/make.py labold==2.0
V=$(perl -MConfig -e 'print $Config{sitelib}')
mkdir -p $V/Lab /srv/mirror/python3.9
echo 'package Lab::Tool; sub answer { 43 } 1;' > $V/Lab/Tool.pm
echo source > /srv/mirror/python3.9/source
rm /srv/wheels/labgone-1.0-py3-none-any.whl /srv/wheels/labold-1.0-py3-none-any.whl
`;

let bag: Bag;
let index: Map<string, IndexEntry>;

beforeAll(async () => {
  mkdirSync(context);
  writeFileSync(join(context, 'make.py'), MAKE_WHEELS);
  writeFileSync(join(context, 'pip.conf'), '[global]\nno-index = true\nfind-links = /srv/wheels\n');
  const lines = [
    'FROM debian:bullseye',
    'RUN apt-get -q update && apt-get install -y -q --no-install-recommends python3-pip python3-venv perl tcl-xmlrpc',
    'COPY make.py /srv/make.py',
    'COPY pip.conf /etc/pip.conf',
    'RUN mkdir /srv/wheels && for v in labmath==1.0 labgone==1.0 labold==1.0 labtext==1.0 labfile==1.0; do python3 /srv/make.py $v; done',
    'RUN python3 -m venv /opt/built && /opt/built/bin/pip install -q labmath==1.0',
    `LABEL perennial-test-owner=${ID}`,
    'CMD ["sleep", "infinity"]',
  ];
  writeFileSync(join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
  engine(['build', '--quiet', '--tag', `${ID}:image`, context]);
  engine(['run', '-d', '--name', `${ID}-old`, `${ID}:image`]);
  engine(['exec', '-i', `${ID}-old`, 'bash', '-s'], { input: OPERATE });
  const config = join(dir, 'perennial.yml');
  writeFileSync(config, CONFIG);
  const named = ['--container', `${ID}-old`, '--config', config];
  await perennial(['archive', ...named, '--out', join(dir, 'bag'), '--context', context]);
  await perennial(['verify', join(dir, 'bag')]);
  bag = await openBag(join(dir, 'bag'));
  index = new Map();
  for await (const entry of bag.readIndex()) index.set(entry.path, entry);
});

afterAll(() => removeOwned(ID));

const SYSTEM = '/usr/local/lib/python3.9/dist-packages';
const VENV = '/opt/app/lib/python3.9/site-packages';

test.each([
  [`${SYSTEM}/labmath/__init__.py`, 'leave language/pip'],
  [`${SYSTEM}/labmath/data`, 'leave language/pip'],
  ['/usr/local/bin/labmath', 'leave language/pip'],
  [`${VENV}/labmath/data/table.txt`, 'leave language/pip'],
  [`${VENV}/labtext/__init__.py`, 'keep language/edited'],
  [`${VENV}/labtext/data/table.txt`, 'keep language/kept'],
  [`${VENV}/labfile/__init__.py`, 'keep unowned/operation'],
  [`${VENV}/mine.py`, 'keep unowned/operation'],
  [`${VENV}/pip/__init__.py`, 'keep unowned/operation'],
  ['/opt/app/pyvenv.cfg', 'keep unowned/operation'],
  ['/opt/built/lib/python3.9/site-packages/labtext/__init__.py', 'leave language/pip'],
])('%s: %s', (path, rule) => {
  const entry = index.get(path)!;
  expect(`${entry.disposition} ${entry.rule}`).toBe(rule);
});

test('packages are listed by name and version, in manifest and SBOM', () => {
  const told = bag.manifest.languagePackages.map(each => `${each.folder} ${each.name} ${each.version} ${each.files}`);
  expect(told).toEqual(
    expect.arrayContaining([
      `${SYSTEM} labgone 1.0 left`,
      `${VENV} labtext 1.0 kept`,
      `${VENV} labfile 1.0 kept`,
      '/opt/built/lib/python3.9/site-packages labmath 1.0 left',
    ]),
  );
  const { components } = JSON.parse(readFileSync(bag.file('sbom.cdx.json'), 'utf8'));
  expect(components.map((each: { purl?: string }) => each.purl)).toContain('pkg:pypi/labmath@1.0');
});

test('shellcheck finds nothing', () => {
  execFileSync('shellcheck', [join(import.meta.dirname, '../../program/languages.sh')]);
});

const ASK = `
labmath; labold
/opt/app/bin/labmath
/opt/built/bin/labmath; /opt/built/bin/labtext`;

/** Edited, from a file, and the owner's own. */
const ASK_KEPT = "/opt/app/bin/python3 -c 'import labtext, labfile, mine; print(labtext.lab, labfile.version, mine.x)'";

test('restored on the next release: installed again for today’s Python; what cannot be had is named', async () => {
  // It ends well although another Python gives other numbers: they are within the tolerance of the analysis.
  const said = await perennial([
    'restore',
    join(dir, 'bag'),
    '--name',
    `${ID}-new`,
    '--base',
    'debian:trixie',
    '--keep',
    '--report',
    join(dir, 'report'),
  ]);
  const page = readFileSync(join(dir, 'report/index.html'), 'utf8')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
  expect(page).toMatch(
    /output: mean within tolerance 0\.\d+ 0\.\d+ \S+e-\d+ \(4\.0e-12 of the value\) 1e-9 of the value/,
  );
  expect(page).toMatch(/fit\.csv: line 2, value 2 within tolerance 2\.4\d* 2\.4\d* /);
  expect(page).toMatch(/figure\.png within tolerance image 200x100 image 200x100 \d\.\d % apart 5\.0 %/);
  expect(
    engine(['exec', `${ID}-new`, 'sh', '-c', ASK])
      .trim()
      .split('\n'),
  ).toEqual([...['labmath 1.0', 'labold 2.0', 'labmath 1.0', 'labmath 1.0', 'labtext 1.0']]);
  // trixie has it no more, nor anything that succeeds it; bookworm had.
  const older =
    "dpkg-query -W -f '${db:Status-Status} ${Version}' tcl-xmlrpc; ls /var/lib/perennial /etc/apt/sources.list.d";
  expect(engine(['exec', `${ID}-new`, 'sh', '-c', older])).toMatch(/^installed \S+/);
  expect(engine(['exec', `${ID}-new`, 'sh', '-c', older])).not.toContain('older');
  expect(said).toMatch(/! tcl-xmlrpc \S+ is an older release's: trixie has none/);
  expect(said).toMatch(/labgone==1\.0 cannot be installed in \/usr\/local/);
  expect(said).toMatch(/labold==1\.0 cannot be installed .*today's version/);
  expect(engine(['exec', `${ID}-new`, 'sh', '-c', ASK_KEPT]).trim()).toBe('mine 1.0 1');
});

test('a module beside the packages lies where today’s Perl looks, and a path of people’s where it was', () => {
  const asked = `perl -MLab::Tool -e 'print Lab::Tool::answer(), "\n"'; cat /srv/mirror/python3.9/source`;
  expect(engine(['exec', `${ID}-new`, 'sh', '-c', asked])).toBe('43\nsource\n');
});

test.each([
  ['numbers', "sed -i '1s/2.5/2.6/' /srv/paper/measurements", 'figure'],
  ['figure', 'echo 20 > /srv/paper/scale', 'numbers'],
])('%s out of the tolerance are not the same', async (differing, change, same) => {
  engine(['exec', `${ID}-new`, 'sh', '-c', `cp -a /srv/paper /srv/kept; ${change}`]);
  const { code, stdout, stderr } = await check();
  engine(['exec', `${ID}-new`, 'sh', '-c', 'rm -r /srv/paper; mv /srv/kept /srv/paper']);
  expect(code).toBe(3);
  expect(stdout + stderr).toMatch(new RegExp(`the ${differing}: differs`));
  expect(stdout + stderr).not.toMatch(new RegExp(`the ${same}: differs`));
});

function check() {
  return runPerennial(['check', join(dir, 'bag'), '--container', `${ID}-new`]);
}

test('the bag’s own program has pip install it again too; on the same release the edit is in its place', () => {
  let code = 0;
  try {
    execFileSync('sh', [bag.file('restore.sh'), `${ID}-sh`], { stdio: 'pipe' });
  } catch (error) {
    code = (error as { status: number }).status;
  }
  expect(code).toBe(3); // labgone
  const ask = `${ASK}\n/opt/app/bin/python3 -c 'import labtext, labfile, mine; print(labtext.lab, labfile.version, mine.x)'`;
  expect(
    engine(['exec', `${ID}-sh`, 'sh', '-c', ask])
      .trim()
      .split('\n')
      .at(-1),
  ).toBe('mine 1.0 1');
});
