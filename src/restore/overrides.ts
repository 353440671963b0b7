import { mapPath, type Substitution } from '../plan/path-substitution.ts';
import { shellWords } from '../system/shell-quote.ts';
import type { DpkgOverrides } from '../system/system-facts.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';

/** What tells the owner's alternatives from those of packages. */
export interface OwnersChoices {
  /** A package of the old system shipped this path. */
  packaged: (path: string) => boolean;
  /** The group was made or changed during operation. */
  changed: (alternative: string) => boolean;
  /** Today's package for one of then, if there is one. */
  successor: (name: string) => string | undefined;
}

/**
 * dpkg-divert, before the payload: the wrapper at the old place is the owner's and comes with the payload.
 * @returns whether there was one
 */
export async function replayDiversions(
  system: NewSystem,
  overrides: DpkgOverrides,
  substitutions: Substitution[],
  journal: Journal,
): Promise<boolean> {
  const own = overrides.diversions.filter(diversion => diversion.package === ':');
  for (const each of own) {
    const [path, to] = [mapPath(each.path, substitutions), mapPath(each.divertedTo, substitutions)];
    await run(
      system,
      ['dpkg-divert', '--quiet', '--local', '--rename', '--divert', to, '--add', path],
      `diversion of ${path}`,
      journal,
    );
  }
  return own.length > 0;
}

/** Alternatives chosen by hand or added by the owner, statoverrides and holds, after the payload. */
export async function replayOverrides(
  system: NewSystem,
  overrides: DpkgOverrides,
  owner: OwnersChoices,
  substitutions: Substitution[],
  journal: Journal,
): Promise<void> {
  for (const each of overrides.statoverrides) {
    const path = mapPath(each.path, substitutions);
    await run(
      system,
      ['dpkg-statoverride', '--force-all', '--update', '--add', each.user, each.group, each.mode, path],
      `statoverride of ${path}`,
      journal,
    );
  }
  for (const alternative of overrides.alternatives)
    await replayAlternative(system, alternative, owner, substitutions, journal);
  for (const name of overrides.holds) await replayHold(system, name, owner.successor(name), journal);
}

/** No release has the version that a package was held at but its own: what is held is today's, as the owner decides about its updates. */
async function replayHold(
  system: NewSystem,
  name: string,
  successor: string | undefined,
  journal: Journal,
): Promise<void> {
  const version = successor === undefined ? undefined : system.installedVersion(successor);
  if (successor === undefined || version === undefined)
    journal.look('overrides', `${name} was on hold`, 'no package of today is in its place', 'dpkg/hold');
  else
    await run(
      system,
      ['apt-mark', 'hold', successor],
      `${successor} is on hold, now at ${version}: it gets no updates, as ${name} got none`,
      journal,
    );
}

async function replayAlternative(
  system: NewSystem,
  alternative: DpkgOverrides['alternatives'][number],
  owner: OwnersChoices,
  substitutions: Substitution[],
  journal: Journal,
): Promise<void> {
  const has = (path: string) => system.has(system.canonical(path));
  const known = system.facts.overrides.alternatives.find(each => each.name === alternative.name);
  for (const choice of alternative.choices) {
    const path = mapPath(choice.path, substitutions);
    const isKnown = known?.choices.some(each => each.path === path) ?? false;
    // What packages registered, today's packages register again.
    if (isKnown || (known ? owner.packaged(choice.path) : !owner.changed(alternative.name))) continue;
    await system.fresh();
    if (!has(path)) continue;
    const slaves = choice.slaves.flatMap(slave => [
      '--slave',
      slave.link,
      slave.name,
      mapPath(slave.path, substitutions),
    ]);
    const argv = [
      'update-alternatives',
      '--quiet',
      '--install',
      alternative.link,
      alternative.name,
      path,
      String(choice.priority),
      ...slaves,
    ];
    await run(system, argv, `alternative ${alternative.name}: ${path}`, journal);
  }
  if (alternative.mode === 'manual' && alternative.value) {
    const value = mapPath(alternative.value, substitutions);
    await system.fresh();
    if (has(value))
      await run(
        system,
        ['update-alternatives', '--quiet', '--set', alternative.name, value],
        `alternative ${alternative.name} set to ${value}`,
        journal,
      );
    else
      journal.look(
        'overrides',
        `alternative ${alternative.name} was set to ${alternative.value}`,
        'that program does not exist today',
        'dpkg/alternative',
      );
  }
}

async function run(system: NewSystem, argv: string[], what: string, journal: Journal): Promise<void> {
  const { code, stderr } = await system.target.exec(argv, { allowFailure: true });
  if (code === 0) {
    journal.done('overrides', what, 'the owner had told dpkg so', 'dpkg/override');
    journal.script(what, shellWords(argv));
  } else {
    journal.look('overrides', `${what} could not be replayed`, stderr.trim().split('\n').at(-1) ?? '', 'dpkg/override');
  }
}
