import type { CommandResult } from '../engine/engine.ts';
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
  // A container that was cut off before its state is back is made anew: nothing is gained by flushing every file.
  '-o',
  'Dpkg::Options::=--force-unsafe-io',
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

/** Debian Policy 5.6.1. Names come from a bag: nothing else may reach apt's command line. */
export const PACKAGE_NAME = /^[a-z0-9][a-z0-9+.-]+$/;

/** Lists that the build left behind are fresh: apt-get update again would only cost time. */
export const UPDATE = `
[ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -mmin -60 2>/dev/null | head -n 1)" ] || apt-get -q update >/dev/null
`;

/** Installs what the plan wants and the image has not (added during operation, demoted dependencies), and removes what the owner had removed. */
export async function installPackages(system: NewSystem, plan: Plan, journal: Journal): Promise<void> {
  const missing = (names: string[]) =>
    names.filter(name => PACKAGE_NAME.test(name) && system.installedVersion(name) === undefined);
  const wanted = missing(plan.install);
  const demoted = missing(plan.demoted).filter(name => !wanted.includes(name));
  const groups = [
    { names: wanted, why: 'installed during operation', rule: 'packages/operation' },
    { names: demoted, why: "a dependency then, not one of today's", rule: 'packages/demoted' },
  ].filter(group => group.names.length > 0);
  if (groups.length > 0) {
    await system.script('Updating the package lists', UPDATE);
    await install(system, groups, journal);
    await system.refresh();
  }
  await removePackages(system, plan, journal);
}

interface Group {
  names: string[];
  why: string;
  rule: string;
}

/** All at once; when apt refuses the line, one by one, so that one missing package does not cost the others. */
async function install(system: NewSystem, groups: Group[], journal: Journal): Promise<void> {
  const all = await apt(
    system,
    'install',
    groups.flatMap(group => group.names),
  );
  for (const { names, why, rule } of groups) {
    journal.script(
      `packages: ${why}`,
      `DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${names.join(' ')}`,
    );
    for (const name of names) {
      const one = all.code === 0 ? all : await apt(system, 'install', [name]);
      if (one.code === 0) journal.done('packages', `${name} installed`, why, rule);
      else
        journal.look(
          'packages',
          `${name} could not be installed`,
          lastError(one.stderr || one.stdout.toString()),
          rule,
        );
    }
  }
}

/** Runs apt-get without questions, for a list of names or files. */
export async function apt(
  system: NewSystem,
  verb: 'install' | 'remove' | 'purge',
  names: string[],
  options: string[] = [],
): Promise<CommandResult> {
  const env = { DEBIAN_FRONTEND: 'noninteractive', DEBIAN_PRIORITY: 'critical', LC_ALL: 'C' };
  return system.target.exec([...APT, ...options, verb, '--', ...names], { env, allowFailure: true });
}

/** What the owner had removed and the build brought back goes again, unless something else would go with it. */
async function removePackages(system: NewSystem, { remove, purge }: Plan, journal: Journal): Promise<void> {
  const present = remove.filter(name => PACKAGE_NAME.test(name) && system.installedVersion(name) !== undefined);
  if (present.length === 0) return;
  const free = (await whoNeeds(system, present, remove)) === undefined ? present : [];
  for (const name of free.length > 0 ? [] : present) {
    const needed = await whoNeeds(system, [name], remove);
    if (needed === undefined) free.push(name);
    else
      journal.look(
        'packages',
        `${name} had been removed and is there again`,
        `today ${needed || 'something'} needs it`,
        'packages/removed',
      );
  }
  await takeAway(
    system,
    'purge',
    free.filter(name => purge.includes(name)),
    journal,
  );
  await takeAway(
    system,
    'remove',
    free.filter(name => !purge.includes(name)),
    journal,
  );
  await system.refresh();
}

/** What else apt would remove with these, in words; `undefined` when nothing. */
async function whoNeeds(system: NewSystem, names: string[], wanted: string[]): Promise<string | undefined> {
  const tried = await apt(system, 'remove', names, ['--simulate']);
  const also = [...tried.stdout.toString().matchAll(/^Remv (\S+)/gm)]
    .map(match => match[1]!)
    .filter(name => !wanted.includes(name));
  return tried.code !== 0 || also.length > 0 ? also.join(', ') : undefined;
}

async function takeAway(system: NewSystem, verb: 'remove' | 'purge', names: string[], journal: Journal): Promise<void> {
  if (names.length === 0) return;
  const { code, stderr, stdout } = await apt(system, verb, names);
  const why = verb === 'purge' ? 'the owner had removed it, with its configuration' : 'the owner had removed it';
  for (const name of names)
    if (code === 0) journal.done('packages', `${name} removed`, why, 'packages/removed');
    else
      journal.look(
        'packages',
        `${name} could not be removed`,
        lastError(stderr || stdout.toString()),
        'packages/removed',
      );
}

/** What apt or dpkg gave as the reason. */
export function lastError(text: string): string {
  const lines = text.trim().split('\n');
  return lines.findLast(line => /^(E:|dpkg: error)/.test(line)) ?? lines.at(-1) ?? '';
}
