/*
 * npm run try-defaults
 *
 * Are the default tests of knowledge/ asked, and answered the same, through archive and restore? Services that no case of the tests has
 * run in one container on Debian bullseye (scripts/try-defaults), are archived, and come back on Debian trixie. Prints a
 * line for each default test and for each difference; exit 0 when every service below was asked and nothing differs.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, tryRun } from './command.ts';
import { ROOT } from './provision/paths.ts';

const SERVICES = ['CUPS', 'Dovecot', 'MariaDB', 'Mosquitto', 'NTP', 'Redis', 'Squid', 'vsftpd'];
const CONTEXT = join(ROOT, 'scripts/try-defaults');
const [OLD, NEW] = ['perennial-defaults-old', 'perennial-defaults-new'];

/** What journal.json has of a restore. */
interface Journal {
  entries: { stage: string; level: string; what: string; rule: string; detail?: string }[];
}

const folder = mkdtempSync(join(tmpdir(), 'perennial-defaults-'));
remove();
try {
  operate();
  const archive = ['archive', '--container', OLD, '--context', CONTEXT, '--start', 'bash /opt/start.sh'];
  perennial([...archive, '--out', join(folder, 'bag')]);
  run('docker', ['rm', '-f', '-v', OLD]);
  const report = join(folder, 'report');
  const restore = ['restore', join(folder, 'bag'), '--base', 'debian:trixie', '--name', NEW, '--report', report];
  const code = perennial(restore);
  const { entries } = JSON.parse(readFileSync(join(report, 'journal.json'), 'utf8')) as Journal;
  const answers = entries.filter(each => each.stage === 'smoke');
  for (const each of entries.filter(one => one.stage === 'smoke' || (one.stage === 'proof' && one.level === 'look')))
    console.log(`${each.level === 'look' ? '!' : ' '} ${each.what}${each.level === 'look' ? `\n${each.detail}` : ''}`);
  const missing = SERVICES.filter(name => !answers.some(each => each.what.startsWith(`${name}:`)));
  for (const name of missing) console.log(`! ${name} was not asked`);
  process.exitCode = code === 0 && missing.length === 0 ? 0 : 1;
} finally {
  remove();
  rmSync(folder, { recursive: true, force: true });
}

function operate(): void {
  run('docker', ['build', '-q', '-t', `${OLD}:image`, '--build-arg', 'BASE=debian:bullseye-main', CONTEXT]);
  run('docker', ['run', '-d', '--name', OLD, `${OLD}:image`, 'sleep', 'infinity']);
  for (const file of ['operate.sh', 'start.sh']) run('docker', ['cp', join(CONTEXT, file), `${OLD}:/opt/`]);
  run('docker', ['exec', OLD, 'bash', '/opt/operate.sh']);
}

/** Its exit code: 3 when something differs. */
function perennial(args: string[]): number {
  const { code, stderr } = tryRun(process.execPath, ['--no-warnings', join(ROOT, 'src/cli/main.ts'), ...args]);
  if (code !== 0 && code !== 3) throw new Error(`perennial ${args[0]}: exit ${code}\n${stderr.trim()}`);
  return code;
}

function remove(): void {
  for (const name of [OLD, NEW]) tryRun('docker', ['rm', '-f', '-v', name]);
  tryRun('docker', ['rmi', `${OLD}:image`]);
}
