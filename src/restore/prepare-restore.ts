import { type Bag, openBag, readBagFile } from '../bag/open-bag.ts';
import { verifyBag } from '../bag/verify-bag.ts';
import type { Engine } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { type Distribution, defaultBase } from '../knowledge/distribution.ts';
import { readDistributions } from '../knowledge/read-distributions.ts';
import { readOwnServices, readServices } from '../knowledge/read-services.ts';
import { makePlan, type PlanFacts } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { readPackageIndexes } from '../plan/read-package-index.ts';
import type { Progress } from '../progress.ts';
import type { Accounts } from '../system/system-facts.ts';
import { type BaseImage, openBase } from './base.ts';
import { readBuildContext } from './build-context.ts';
import { pristineAccounts, recordedAccounts } from './recorded-accounts.ts';
import type { RestoreOptions } from './restore.ts';

const LARGEST_DOCKERFILE = 4 * 1024 * 1024;

/** What a bag and a base say before anything is made. */
export interface Preparation {
  bag: Bag;
  base: BaseImage;
  plan: Plan;
  /** The plan as it was before the package lists were read. */
  guess: Plan;
  accounts: Accounts;
  oldImageAccounts: Accounts | undefined;
}

/** What is known before the package lists were read; the plan holds if every package has its name still. */
export type Guess = Pick<Preparation, 'bag' | 'base' | 'plan'>;

/**
 * Opens and verifies a bag, resolves the base, and makes the plan. Changes nothing. The caller closes the bag.
 * @param onGuess called before package lists are read, where they have to be
 */
export async function prepare(
  options: Pick<RestoreOptions, 'engine' | 'bag' | 'base' | 'knowledge' | 'olderPackages' | 'progress'>,
  onGuess: (guess: Guess) => Promise<void> = async () => {},
): Promise<Preparation> {
  const { engine, progress } = options;
  progress.step('Verifying the bag');
  const bag = typeof options.bag === 'string' ? await openBag(options.bag) : options.bag;
  try {
    await verifyBag(bag);
    const { system, rebuild } = bag.manifest;
    refuseOtherSystem(bag);
    progress.step('Looking at the base image');
    const distributions = await readDistributions();
    const base = await openBase(engine, options.base ?? defaultBase(distributions, system.os, new Date()));
    refuseOtherBase(base);
    const accounts = await recordedAccounts(bag);
    const dockerfile = rebuild
      ? `${await readBagFile(bag, `data/rebuild/${rebuild.dockerfile}`, LARGEST_DOCKERFILE)}`
      : undefined;
    const facts = {
      manifest: bag.manifest,
      accounts,
      dockerfile,
      context: dockerfile === undefined ? [] : await readBuildContext(bag, dockerfile),
      base: {
        image: base.reference,
        os: base.system.facts.os,
        accounts: base.system.accounts,
        packages: base.system.facts.packages,
      },
      olderPackages: options.olderPackages ?? true,
      services: await readServices(options.knowledge),
    };
    const guess = makePlan({ ...facts, index: undefined, between: [] });
    if (!guess.sameRelease) await onGuess({ bag, base, plan: guess });
    const plan = guess.sameRelease ? guess : await planWithIndex(engine, base, facts, distributions, progress);
    refuseRefused(plan);
    if (options.knowledge) {
      const own = new Set((await readOwnServices(options.knowledge)).map(each => each.id));
      const used = plan.services.filter(each => own.has(each.id)).map(each => each.id);
      plan.notes.push(`Knowledge entries of your own that apply: ${used.join(', ') || 'none'} (${options.knowledge})`);
    }
    return { bag, base, plan, guess, accounts, oldImageAccounts: await pristineAccounts(bag) };
  } catch (error) {
    await bag.close();
    throw error;
  }
}

/** @throws PerennialError `base-unknown` for an archive of a system that has its packages from elsewhere than dpkg */
function refuseOtherSystem({ name, manifest }: Bag): void {
  const { packageManager, os } = manifest.system;
  if (packageManager === 'dpkg') return;
  const made = packageManager === 'none' ? 'has no package database' : `has its packages from ${packageManager}`;
  throw new PerennialError(
    'base-unknown',
    `${name} is the archive of ${os.prettyName || 'a system'}, which ${made}: such systems are archived, not yet restored`,
    {
      hint: 'By hand, as README.md in the archive says step by step: install the packages that data/manifest.json lists on an image of that release, make the accounts, then extract data/payload.tar.zst. Restores are for Debian, Ubuntu and what is made of them.',
    },
  );
}

/** @throws PerennialError `base-unknown` when the base is no system of dpkg */
function refuseOtherBase({ reference, system }: BaseImage): void {
  const { packageManager, os } = system.facts;
  if (packageManager === 'dpkg') return;
  throw new PerennialError(
    'base-unknown',
    `The base image "${reference}" (${os.prettyName || 'an unknown system'}) has no dpkg, and the archive is of a system with dpkg`,
    { hint: 'Name an image of Debian or of a distribution made of it with --base (the input `base` of the action).' },
  );
}

/** @throws PerennialError `base-unknown` when knowledge says that the new version cannot take the old one's data */
function refuseRefused(plan: Plan): void {
  const refused = plan.differences.filter(each => each.difference.refuse !== undefined);
  if (refused.length === 0) return;
  const reasons = refused.map(
    ({ service, difference }) =>
      `${difference.why}: ${difference.refuse} (${service}/${difference.id}, ${difference.source})`,
  );
  throw new PerennialError('base-unknown', `This cannot be restored on ${plan.base}: ${reasons.join('; ')}`, {
    hint: `Name an older base with --base, for example ${plan.from.prettyName}'s own.`,
  });
}

/** The releases in between are asked only when today's base alone does not know a chosen package. */
async function planWithIndex(
  engine: Engine,
  base: BaseImage,
  facts: Omit<PlanFacts, 'index' | 'between'>,
  distributions: Distribution[],
  progress: Progress,
): Promise<Plan> {
  const then = facts.manifest.system.os;
  const now = base.system.facts.os;
  const run = (argv: string[]) =>
    engine.runOnceStream({
      image: base.image.id,
      entrypoint: argv[0]!,
      command: argv.slice(1),
      user: '0',
      // The image is being built meanwhile, which takes longer: it goes before (see EarlyBuild, docker's alone). And dockerd would
      // write all that is printed, thirty megabytes, into a log as well, line by line.
      ...(engine.name === 'docker' ? { extraArgs: ['--cpu-shares', '128', '--log-driver', 'none'] } : {}),
    });
  const direct = await readPackageIndexes({ run, old: now, base: now, distributions, progress });
  const plan = makePlan({ ...facts, ...direct });
  if (plan.resolutions.every(each => each.how === 'same' || isQuiet(each.old, facts))) return plan;
  return makePlan({
    ...facts,
    ...(await readPackageIndexes({ run, old: then, base: now, distributions, index: direct.index, progress })),
  });
}

/** Libraries and other dependencies come by themselves: nobody has to know their names of today. */
function isQuiet(name: string, facts: Pick<PlanFacts, 'manifest'>): boolean {
  return facts.manifest.system.packages.some(
    each => each.name === name && (!each.manual || each.priority !== undefined),
  );
}
