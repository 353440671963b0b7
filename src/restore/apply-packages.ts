import type { Plan } from '../plan/plan.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';

/** dpkg must not start daemons while the state is put back (invoke-rc.d(8), policy-rc.d), nor ask anything. */
const APT = [
  'apt-get',
  '-y',
  '-q',
  '--no-install-recommends',
  '-o',
  'Dpkg::Options::=--force-confdef',
  '-o',
  'Dpkg::Options::=--force-confold',
  '-o',
  'Dpkg::Use-Pty=0',
];

/** Keeps services from being started by maintainer scripts until `allowServiceStarts`. */
export async function denyServiceStarts(system: NewSystem): Promise<void> {
  await system.script(
    'Holding services back',
    'mkdir -p /var/lib/perennial\n[ -e /usr/sbin/policy-rc.d ] || { printf "#!/bin/sh\\nexit 101\\n" > /usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; : > /var/lib/perennial/policy-rc.d; }',
  );
}

export async function allowServiceStarts(system: NewSystem): Promise<void> {
  await system.script(
    'Letting services start',
    '[ ! -e /var/lib/perennial/policy-rc.d ] || rm -f /usr/sbin/policy-rc.d /var/lib/perennial/policy-rc.d',
  );
}

/** Installs what the plan wants and the image has not: what the owner installed during operation, demoted dependencies. */
export async function installPackages(system: NewSystem, plan: Plan, journal: Journal): Promise<void> {
  const missing = (names: string[]) => names.filter(name => system.installedVersion(name) === undefined);
  const wanted = missing(plan.install);
  const demoted = missing(plan.demoted).filter(name => !wanted.includes(name));
  if (wanted.length === 0 && demoted.length === 0) return;
  await system.script('Updating the package lists', 'apt-get -q update >/dev/null');
  await install(system, wanted, 'installed during operation', 'packages/operation', journal);
  await system.refresh();
  await install(system, missing(demoted), "a dependency then, not one of today's", 'packages/demoted', journal);
  await system.refresh();
}

/** All at once; when apt refuses the line, one by one, so that one missing package does not cost the others. */
async function install(system: NewSystem, names: string[], why: string, rule: string, journal: Journal): Promise<void> {
  if (names.length === 0) return;
  const env = { DEBIAN_FRONTEND: 'noninteractive', DEBIAN_PRIORITY: 'critical' };
  journal.script(
    `packages: ${why}`,
    `DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${names.join(' ')}`,
  );
  const all = await system.target.exec([...APT, 'install', ...names], { env, allowFailure: true });
  for (const name of names) {
    const one = all.code === 0 ? all : await system.target.exec([...APT, 'install', name], { env, allowFailure: true });
    if (one.code === 0) journal.done('packages', `${name} installed`, why, rule);
    else
      journal.look('packages', `${name} could not be installed`, lastError(one.stderr || one.stdout.toString()), rule);
  }
}

function lastError(text: string): string {
  const lines = text.trim().split('\n');
  return lines.findLast(line => /^(E:|dpkg: error)/.test(line)) ?? lines.at(-1) ?? '';
}
