import type { Manifest } from '../bag/manifest.ts';
import type { Difference, Service } from '../knowledge/service.ts';
import type { Accounts, InstalledPackage, OsRelease } from '../system/system-facts.ts';
import { withoutSecrets } from '../system/without-secrets.ts';
import { unifiedDiff } from '../unified-diff.ts';
import { findAccountsMade } from './accounts-made.ts';
import { generateDockerfile } from './generate-dockerfile.ts';
import { argumentsToday, imageSettings, settingsToday } from './image-settings.ts';
import { mergeSystemAccounts } from './merge-system-accounts.ts';
import { findMissedPackages } from './missed-packages.ts';
import type { PackageIndex } from './package-index.ts';
import { removedPackages } from './package-lists.ts';
import { deriveSubstitutions, rewriteText, type Substitution } from './path-substitution.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { recognisedServices } from './recognised-services.ts';
import { type Rename, type Resolution, resolvePackages } from './resolve-packages.ts';
import { type ContextFile, rewriteContext } from './rewrite-context.ts';
import { dockerfilePackages, rewriteDockerfile } from './rewrite-dockerfile.ts';
import { selectDifferences, versionsThen } from './select-differences.ts';
import { rewriteVersionWords } from './version-words.ts';
import { packageOfPrograms } from './versioned-programs.ts';

/** Facts that a plan is made of: the bag's, today's, and what is known. */
export interface PlanFacts {
  manifest: Manifest;
  /** Accounts of the old system, from the payload. */
  accounts: Accounts;
  /** Text of the recorded Dockerfile, if any. */
  dockerfile: string | undefined;
  /** Files of the recorded build context that may name what packages make. */
  context: ContextFile[];
  base: { image: string; os: OsRelease; accounts: Accounts; packages: InstalledPackage[] };
  /** What the base offers, and the releases in between; undefined on the same release, where names are the same. */
  index: PackageIndex | undefined;
  between: PackageIndex[];
  /** Whether older releases may be asked for packages. */
  olderPackages: boolean;
  /** All entries; those that recognised the service are used. */
  services: Service[];
}

/** Old facts + today's facts + knowledge -> what to do. Pure. */
export function makePlan(facts: PlanFacts): Plan {
  const { manifest, base } = facts;
  const services = recognisedServices(manifest, facts.services);
  const old = manifest.system.packages.filter(each => each.status !== 'config-files');
  const words =
    facts.dockerfile === undefined ? [] : dockerfilePackages(facts.dockerfile, manifest.rebuild?.buildArgs ?? {});
  const resolutions = resolve(facts, services, old, words);
  const substitutions = deriveSubstitutions(resolutions);
  const byName = new Map(resolutions.map(each => [each.old, each]));
  const sameRelease = isSameRelease(manifest.system.os, base.os);
  const offered = (name: string) => facts.index?.find(byName.get(name)?.new ?? name)?.version;
  const differences = selectDifferences(services, old, sameRelease ? versionsThen(old) : offered);
  const dockerfile = planDockerfile(facts, resolutions, substitutions, old);
  const made =
    facts.dockerfile === undefined ? undefined : findAccountsMade(facts.dockerfile, accountNames(facts.accounts));
  const system = mergeSystemAccounts(facts.accounts, base.accounts, made ? { leaveOut: made } : {});
  const plan: Plan = {
    service: manifest.service.name,
    base: base.image,
    from: manifest.system.os,
    to: base.os,
    sameRelease,
    resolutions,
    versions: olderVersions(old, name => facts.index?.find(name)?.version),
    substitutions,
    ...startsOf(manifest, substitutions),
    holds: installable(manifest.system.overrides.holds, resolutions),
    install: wantedPackages(old, resolutions, differences, facts),
    olderPackages: facts.olderPackages,
    demoted: demotedPackages(old, byName, facts),
    ...removedPackages(manifest.system),
    dockerfile,
    systemAccounts: system.accounts,
    services,
    differences,
    steps: [],
    notes: [
      ...system.notes.map(note => `${note.what}: ${note.why}`),
      ...(manifest.service.foretold ?? []).map(
        each => `${each.service} itself said before the end (${each.check}): ${withoutSecrets(each.line)}`,
      ),
    ],
  };
  return { ...plan, steps: planSteps(plan, manifest) };
}

function startsOf({ service, system }: Manifest, substitutions: Substitution[]): Pick<Plan, 'start' | 'main'> {
  const packageOf = packageOfPrograms(system.versionedPrograms);
  const main = [...service.run.entrypoint, ...service.run.command];
  const named = rewriteText(service.start, substitutions).text;
  return {
    start: { old: service.start, today: rewriteVersionWords(named, substitutions, packageOf) },
    main: { old: main, today: argumentsToday(main, substitutions, packageOf) },
  };
}

/** Debian Policy 5.6.1 and 5.6.12: names and versions come from a bag, and go into the environment of programs. */
function olderVersions(
  old: InstalledPackage[],
  newVersion: (name: string) => string | undefined,
): Record<string, string> {
  const changed = old.filter(({ name, version }) => {
    const today = newVersion(name);
    return today !== undefined && today !== version && /^[a-z0-9+.-]+$/.test(name) && /^[\w.+~:-]+$/.test(version);
  });
  return Object.fromEntries(changed.map(each => [each.name, each.version]));
}

export function isSameRelease(a: OsRelease, b: OsRelease): boolean {
  return a.id === b.id && a.versionId === b.versionId;
}

function accountNames(accounts: Accounts): string[] {
  return [...accounts.passwd, ...accounts.group].map(each => each.name);
}

function resolve(facts: PlanFacts, services: Service[], old: InstalledPackage[], words: string[]): Resolution[] {
  const wanted = [...new Set([...words, ...old.map(each => each.name)])];
  if (!facts.index) return wanted.map(name => ({ old: name, new: name, how: 'same', why: 'the release is the same' }));
  const renames: Rename[] = services.flatMap(service =>
    service.differences.flatMap(difference =>
      Object.entries(difference.renamePackage ?? {}).map(([from, to]) => ({
        from,
        ...(to ? { to } : {}),
        entry: `${service.id}/${difference.id}`,
        why: difference.why,
      })),
    ),
  );
  return resolvePackages({ old, wanted, index: facts.index, between: facts.between, renames });
}

function planDockerfile(
  facts: PlanFacts,
  resolutions: Resolution[],
  substitutions: Substitution[],
  old: InstalledPackage[],
): Plan['dockerfile'] {
  const packageOf = packageOfPrograms(facts.manifest.system.versionedPrograms);
  if (facts.dockerfile === undefined) {
    const packages = installable(
      old.filter(isChosen).map(each => each.name),
      resolutions,
    );
    const settings = imageSettings(facts.manifest.service.image);
    const then = generateDockerfile(packages, facts.base.image, settings);
    const text = generateDockerfile(packages, facts.base.image, settingsToday(settings, substitutions, packageOf));
    return { text, generated: true, diff: withoutSecrets(unifiedDiff(then, text, NAMES)), buildArgs: {}, context: {} };
  }
  const rewritten = rewriteDockerfile(facts.dockerfile, {
    base: facts.base.image,
    buildArgs: facts.manifest.rebuild?.buildArgs ?? {},
    resolutions,
    substitutions,
    packageOf,
    ...(facts.manifest.system.os.codename && facts.base.os.codename
      ? { codenames: { old: facts.manifest.system.os.codename, new: facts.base.os.codename } }
      : {}),
  });
  const { text, buildArgs } = rewritten;
  const { texts, diff } = rewriteContext(facts.context, substitutions, packageOf);
  const all = withoutSecrets(unifiedDiff(facts.dockerfile, text, NAMES) + diff);
  return { text, generated: false, diff: all, buildArgs, context: texts };
}

const NAMES = { from: 'Dockerfile (then)', to: 'Dockerfile (today)' };

/** Packages that somebody chose and that a repository has: not automatic, and not what every Debian has. */
function isChosen(each: InstalledPackage): boolean {
  return each.manual && each.priority !== 'required' && !each.local;
}

function installable(names: string[], resolutions: Resolution[]): string[] {
  const byName = new Map(resolutions.map(each => [each.old, each]));
  return [
    ...new Set(
      names
        .flatMap(name => [byName.get(name)?.new, ...(byName.get(name)?.also ?? [])])
        .filter(name => name !== undefined),
    ),
  ];
}

function wantedPackages(
  old: InstalledPackage[],
  resolutions: Resolution[],
  differences: { difference: Difference }[],
  facts: PlanFacts,
): string[] {
  const added = differences
    .flatMap(each => each.difference.addPackages ?? [])
    .filter(name => !facts.index || facts.index.find(name));
  return [
    ...new Set([
      ...installable(
        old.filter(isChosen).map(each => each.name),
        resolutions,
      ),
      ...added,
    ]),
  ];
}

/** Sections whose packages nobody uses by name: they come with whatever needs them. */
const DEPENDENCIES = /(^|\/)(libs|oldlibs|libdevel|perl|python|ruby|php|java|localization|kernel|debug|introspection)$/;

/** What a minimal Debian has for apt's and e2fsprogs' sake; bases differ in it, and no service needs it. */
const BASE_TOOLS = new Set([
  'adduser',
  'debian-archive-keyring',
  'gpgv',
  'logsave',
  'runit-helper',
  'sensible-utils',
  'ubuntu-keyring',
]);

/**
 * Programs that came by a dependency which today's packages may not have any more (no /etc/services, no MIME types):
 * the full list of installed packages matters, not only the chosen ones.
 */
function demotedPackages(old: InstalledPackage[], byName: ReadonlyMap<string, Resolution>, facts: PlanFacts): string[] {
  if (!facts.index) return [];
  const names = old
    .filter(each => !each.manual && each.priority !== 'required' && byName.get(each.name)?.how === 'same')
    .map(each => each.name);
  return names.filter(name => {
    const section = facts.index?.find(name)?.section ?? '';
    return !DEPENDENCIES.test(section) && !/^lib/.test(name) && !BASE_TOOLS.has(name);
  });
}

function planSteps(plan: Plan, manifest: Manifest): PlannedStep[] {
  const changed = plan.resolutions.filter(
    each => each.how !== 'same' && manifest.system.packages.some(old => old.name === each.old && isChosen(old)),
  );
  const steps: PlannedStep[] = [
    {
      stage: 'base',
      what: `start from ${plan.base} (${plan.to.prettyName}), with the old system accounts merged in`,
      why: 'packages then find their users and keep their ids',
      rule: 'accounts/system',
    },
    {
      stage: 'build',
      what: plan.dockerfile.generated
        ? 'build from a Dockerfile made of the chosen packages'
        : 'build from the recorded Dockerfile, rewritten for this base',
      why: plan.dockerfile.generated ? 'the bag has no Dockerfile' : 'the owner built it so',
      rule: 'build/dockerfile',
    },
    ...changed.map(
      (each): PlannedStep => ({
        stage: 'packages',
        what: `${each.old} -> ${each.new ?? 'nothing'}`,
        why: each.why,
        rule: `packages/${each.how}`,
      }),
    ),
    ...findMissedPackages(plan, manifest.system.packages)
      .filter(each => each.portable)
      .map(
        (each): PlannedStep => ({
          stage: 'packages',
          what: `ask older releases for ${each.name}`,
          why: "it runs on any processor; today's release may have all that it depends on",
          rule: 'packages/older',
        }),
      ),
    {
      stage: 'packages',
      what: 'install what was installed during operation',
      why: 'packages are had again, they are not archived',
      rule: 'packages/operation',
    },
    {
      stage: 'accounts',
      what: 'merge people, passwords and memberships by name',
      why: 'accounts are records, not files',
      rule: 'accounts/people',
    },
    {
      stage: 'state',
      what: `put back ${manifest.counts.kept} paths by owner name`,
      why: 'the Mutable data',
      rule: 'payload',
    },
    ...plan.substitutions.map(
      (each): PlannedStep => ({
        stage: 'state',
        what: `paths of ${each.stem} ${each.old} move to ${each.new}`,
        why: 'the version stands in names and paths',
        rule: 'paths/versioned',
      }),
    ),
    {
      stage: 'overrides',
      what: 'replay diversions, statoverrides and alternatives',
      why: "dpkg's own overrides are commands, not files",
      rule: 'dpkg/override',
    },
    {
      stage: 'deletions',
      what: `remove ${manifest.counts.deleted} paths that the owner had removed`,
      why: 'deletions are state',
      rule: 'owner/deleted',
    },
    {
      stage: 'configuration',
      what: `merge configuration files, ${manifest.pristine.length} of them three ways`,
      why: "edits stay, today's defaults come in",
      rule: 'config/merge',
    },
    ...manifest.dumps.map(
      (each): PlannedStep => ({
        stage: 'exports',
        what: `load ${each.file}`,
        why: 'a logical export, written by the old program',
        rule: `${each.service}/${each.export}`,
      }),
    ),
    ...plan.differences.map(
      ({ service, difference }): PlannedStep => ({
        stage: 'checks',
        what: difference.id,
        why: difference.why,
        rule: `${service}/${difference.id}`,
      }),
    ),
    {
      stage: 'start',
      what: 'start the service as it was started',
      why: manifest.service.start ? 'the command that the owner gave' : 'the command of the container',
      rule: 'start',
    },
  ];
  return steps;
}
