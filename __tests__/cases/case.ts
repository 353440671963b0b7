import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findSecrets } from '../../src/archive/find-secrets.ts';
import type { IndexEntry } from '../../src/bag/index-entry.ts';
import type { Manifest } from '../../src/bag/manifest.ts';
import { type Bag, openBag } from '../../src/bag/open-bag.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { findEngine } from '../../src/engine/find-engine.ts';
import { readServices } from '../../src/knowledge/read-services.ts';
import { silentProgress } from '../../src/progress.ts';
import { compareAnswers } from '../../src/smoke/compare-answers.ts';
import { runSmokeTests } from '../../src/smoke/run-smoke.ts';
import type { SmokeAnswer, SmokeTest } from '../../src/smoke/smoke-test.ts';
import { BREAKS } from './breaks.ts';
import { handPickedBytes, readOperated, shippedAsTheyAre } from './operated.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
/** Where the services of the tests are; Samba is the example that users read. */
const SERVICES: Record<string, string> = { samba: join(ROOT, 'examples/samba') };
/** What the maintainers of Debian tell those who come from bullseye: NEWS.Debian of trixie's packages. */
const NEWS: Record<string, object> = {
  samba: { source: 'samba', version: '2:4.20.1+dfsg-2' },
  apache: { source: 'apache2', version: '2.4.64-2', text: expect.stringContaining('TLS 1.2 or 1.3') },
};
const run = promisify(execFile);
const MINUTES = 60_000;

async function docker(...args: string[]): Promise<string> {
  return (await run('docker', args, { maxBuffer: 64 * 1024 * 1024 })).stdout.trim();
}

async function perennial(...args: string[]): Promise<{ code: number; said: string }> {
  const command = [join(ROOT, 'src/cli/main.ts'), ...args];
  return run(process.execPath, ['--no-warnings', ...command], { maxBuffer: 64 * 1024 * 1024 }).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    error => ({ code: error.code as number, said: `${error.stdout}${error.stderr}` }),
  );
}

/** The lines that a client sees; smoke.sh runs on the host. */
async function smoke(folder: string, container: string): Promise<string> {
  const address = await docker('inspect', '-f', '{{.NetworkSettings.IPAddress}}', container);
  const env = { ...process.env, C: container, HOST: address };
  const { stdout } = await run('bash', [join(folder, 'smoke.sh')], { env, maxBuffer: 64 * 1024 * 1024 }).catch(
    error => error,
  );
  return String(stdout);
}

function isKept(entry: IndexEntry | undefined): boolean {
  return entry?.disposition === 'keep' || entry?.disposition === 'record';
}

/**
 * The tests of a real service: operated on bullseye, archived, removed, and brought back by the command line with no input but the bag. The same
 * lines have to come from the old and the new service.
 * @param name folder of __tests__/cases/services. A file for each, so that they run beside each other.
 */
export function testCase(name: string): void {
  const folder = SERVICES[name] ?? join(ROOT, '__tests__/cases/services', name);
  const [old, now] = [`perennial-case-${name}-old`, `perennial-case-${name}-new`];
  const work = mkdtempSync(join(process.env.RUNNER_TEMP ?? '/tmp', 'perennial-case-'));
  const bag = join(work, 'bag');
  let golden = '';
  const operated = readOperated(name);
  let opened: Bag;
  let index: Map<string, IndexEntry>;
  /** Of the old container, before it goes: kept files that a package shipped so, and bytes of what a person would take. */
  let shipped: string[] = [];
  let handPicked = 0;
  let again = new Map<string, string>();
  /** The same questions in perennial.yml, where a case has one. */
  const described = join(folder, 'perennial.yml');
  let answers: SmokeAnswer[] = [];

  async function ask(container: string): Promise<{ tests: SmokeTest[]; answers: SmokeAnswer[] }> {
    const tests = existsSync(described) ? (await readConfig(described)).smoke : [];
    const target = { engine: await findEngine('docker'), container, address: '' };
    return { tests, answers: await runSmokeTests(tests, target, silentProgress) };
  }

  /** Logical exports once more, of the same state: file in the bag -> what the program says now. */
  async function exportAgain(container: string): Promise<Map<string, string>> {
    const { dumps } = JSON.parse(readFileSync(join(bag, 'data/manifest.json'), 'utf8'));
    const services = await readServices();
    const said = new Map<string, string>();
    for (const { file, service, export: id } of dumps) {
      const one = services.find(each => each.id === service)?.exports.find(each => each.id === id);
      const user = one?.user ? ['--user', one.user] : [];
      said.set(file, await docker('exec', ...user, container, 'sh', '-c', one!.run));
    }
    return said;
  }

  async function clean(container: string): Promise<void> {
    await docker('rm', '-fv', container).catch(() => '');
    const volumes = (await docker('volume', 'ls', '-q', '--filter', `label=org.perennial.service=${container}`))
      .split('\n')
      .filter(Boolean);
    if (volumes.length > 0) await docker('volume', 'rm', ...volumes);
  }

  beforeAll(async () => {
    await clean(old);
    await docker('build', '-q', '-t', `${old}:image`, '--build-arg', 'BASE=debian:bullseye-main', folder);
    await docker('run', '-d', '--name', old, `${old}:image`, 'sleep', 'infinity');
    for (const file of ['operate.sh', 'start.sh']) await docker('cp', join(folder, file), `${old}:/opt/`);
    await docker('exec', old, 'bash', '/opt/operate.sh');
    await docker('exec', old, 'bash', '/opt/start.sh');
    golden = await smoke(folder, old);
    ({ answers } = await ask(old));
    const context = join(work, 'context');
    cpSync(folder, context, { recursive: true });
    rmSync(join(context, 'perennial.yml'), { force: true }); // no input but the bag
    const archived = await perennial(
      'archive',
      '--container',
      old,
      '--context',
      context,
      '--start',
      'bash /opt/start.sh',
      '--out',
      bag,
    );
    expect(archived).toMatchObject({ code: 0 });
    opened = await openBag(bag);
    index = new Map();
    for await (const entry of opened.readIndex()) index.set(entry.path, entry);
    const files = [...index.values()].filter(each => isKept(each) && each.kind === 'file');
    shipped = shippedAsTheyAre(
      old,
      files.map(each => each.path),
    );
    handPicked = handPickedBytes(old, [...operated.made, ...operated.state]);
    again = await exportAgain(old);
    await clean(old);
    await docker('rmi', `${old}:image`);
  }, 10 * MINUTES);

  afterAll(async () => {
    await clean(old);
    await clean(now);
    rmSync(work, { recursive: true, force: true });
  });

  test('the archive holds all that operate.sh did', () => {
    const disposition = (paths: string[]) => paths.map(path => [path, index.get(path)?.disposition]);
    expect(operated.made.filter(path => !isKept(index.get(path)))).toEqual([]);
    expect(disposition(operated.deleted)).toEqual(operated.deleted.map(path => [path, 'delete']));
    expect(disposition(operated.attributes)).toEqual(operated.attributes.map(path => [path, 'attributes']));
    for (const path of operated.remade)
      expect(index.get(path)).toMatchObject({
        path,
        disposition: 'leave',
        rule: expect.stringMatching(/^generated\//),
      });
    for (const [path, dump] of Object.entries(operated.exported)) {
      expect(index.get(path)).toMatchObject({ path, disposition: 'leave', rule: expect.stringMatching(/^export\//) });
      expect(statSync(join(bag, 'data/dumps', dump)).size).toBeGreaterThan(1000);
    }
    const { packages, overrides } = opened.manifest.system;
    const chosen = packages.filter(each => each.manual).map(each => each.name);
    expect(chosen).toEqual(expect.arrayContaining(operated.packages));
    expect(overrides.statoverrides.map(each => each.path)).toEqual(expect.arrayContaining(operated.statoverrides));
    expect(overrides.diversions.map(each => each.path)).toEqual(expect.arrayContaining(operated.diversions));
    expect(overrides.alternatives.map(each => each.name)).toEqual(expect.arrayContaining(operated.alternatives));
  });

  test('and nothing that packages ship, nor much else', () => {
    expect(shipped).toEqual(operated.referenced);
    for (const path of shipped) expect(index.get(path)?.rule).toBe('package/referenced');
    expect(statSync(join(bag, 'data/payload.tar.zst')).size / handPicked).toBeLessThanOrEqual(1.05);
  });

  test('its secrets are recognised by kind and path, and nothing else is', async () => {
    const found = (await findSecrets(opened)).map(({ kind, paths }) => [
      kind,
      paths.filter(path => path.includes('/')),
    ]);
    expect(Object.fromEntries(found.filter(([, paths]) => paths!.length > 0))).toEqual(operated.secrets);
  });

  test('the living service said something to compare with', () => {
    expect(golden.split('\n').length).toBeGreaterThan(5);
    expect(golden).not.toMatch(/Connection refused|Failed to connect/);
    const { sockets } = (JSON.parse(readFileSync(join(bag, 'data/manifest.json'), 'utf8')) as Manifest).service;
    expect(sockets.length).toBeGreaterThan(0);
    expect(sockets.filter(each => each.program === '' && each.port < 32768)).toEqual([]);
  });

  test('the same state is exported in the same bytes', () => {
    for (const [file, said] of again) expect(said).toBe(readFileSync(join(bag, 'data/dumps', file), 'utf8').trim());
    expect(again.size).toBe({ postgresql: 1, openldap: 2 }[name] ?? 0);
  });

  test(
    'it comes back on trixie with the same lines, and every path as recorded',
    async () => {
      await clean(now);
      const report = join(work, 'report');
      const restored = await perennial(
        'restore',
        bag,
        '--base',
        'debian:trixie',
        '--name',
        now,
        '--keep',
        '--report',
        report,
      );
      expect(restored).toMatchObject({ code: 0 });
      expect(await smoke(folder, now)).toBe(golden);
      const { entries, news } = JSON.parse(readFileSync(join(report, 'journal.json'), 'utf8')) as {
        entries: { rule: string; level: string; detail?: string }[];
        news: { source: string; version: string; text: string }[];
      };
      const proof = entries.filter(each => each.rule === 'state/proof');
      expect(proof).toEqual([expect.objectContaining({ level: 'done' })]);
      expect(entries.filter(each => !each.rule)).toEqual([]);
      if (NEWS[name]) expect(news).toContainEqual(expect.objectContaining(NEWS[name]));
    },
    10 * MINUTES,
  );

  test('perennial.yml says the same as smoke.sh', async () => {
    const { tests, answers: today } = await ask(now);
    expect(existsSync(described)).toBe(['samba', 'postgresql'].includes(name));
    const compared = compareAnswers(answers, today);
    expect(compared.map(each => [each.name, each.verdict, each.diff])).toEqual(
      tests.map(each => [each.name, 'same', '']),
    );
    expect(answers.filter(each => each.status.startsWith('exit 12'))).toEqual([]);
  });

  /* Without any smoke tests of the owner: what knowledge asks by itself, and the state proof. One break after the other. */
  describe('a broken restore is seen by the defaults alone', () => {
    interface Checked {
      code: number;
      findings: string[];
    }

    async function check(): Promise<Checked> {
      const { code, said } = await perennial('check', bag, '--container', now);
      return { code, findings: said.split('\n').filter(line => line.startsWith('  ! ')) };
    }

    let before: Checked;

    test('unbroken it is as the archive has it', async () => {
      before = await check();
      expect(before).toEqual({ code: 0, findings: [] });
    });

    test.each(Object.entries(BREAKS[name]!))('%s', async (_, [program, named]) => {
      await docker('exec', now, 'bash', '-c', program);
      const after = await check();
      expect(after.code).toBe(3);
      const added = after.findings.filter(line => !before.findings.includes(line));
      expect(added.join('\n')).toMatch(named);
      before = after;
    });
  });
}
