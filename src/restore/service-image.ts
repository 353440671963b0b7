import { join } from 'node:path';
import { decideOrder, notInBase, type OrderDecision } from '../plan/package-order.ts';
import { rewriteDockerfile } from '../plan/rewrite-dockerfile.ts';
import { findVanished } from '../plan/vanished-packages.ts';
import { printable } from '../system/byte-text.ts';
import { accountsTag, type BuildRequest, buildImage } from './build-image.ts';
import type { EarlyBuild } from './early-build.ts';
import type { Journal } from './journal.ts';
import { readPackageContents } from './package-content.ts';
import { writePreState } from './pre-state.ts';
import type { Preparation } from './prepare-restore.ts';
import type { RestoreOptions } from './restore.ts';

/**
 * Builds the image of the service on the base: old system accounts, then the state of packages whose successors carry it over, then
 * the Dockerfile. Where it does not build on that state, it is built without. Returns the image id.
 */
export async function buildServiceImage(
  options: RestoreOptions,
  prepared: Preparation,
  names: ImageNames,
  journal: Journal,
  early?: { build: EarlyBuild; key: string },
): Promise<string> {
  const decisions = await decide(options, prepared);
  const first = decisions.filter(each => each.order === 'state-first');
  const begun = await early?.build.settle(first.length === 0 ? early.key : undefined);
  if (begun?.image) return begun.image;
  const request = { ...buildRequest(options, prepared, names), begun: first.length === 0 && begun?.hasBase === true };
  const writeState = (context: string) =>
    writePreState(
      prepared.bag,
      first.map(each => each.old),
      context,
      options.order === 'state-first',
    );
  let carried = first.length > 0;
  const image = await buildImage({ ...request, writePreState: writeState }).catch(error => {
    if (!carried) throw error;
    carried = false;
    const packages = first.map(each => each.old.name).join(', ');
    journal.look('build', `the image does not build on the state of ${packages}`, String(error), 'order/retry');
    return buildImage(request);
  });
  report(decisions, carried, journal);
  return image;
}

async function decide(options: RestoreOptions, { bag, plan, base }: Preparation): Promise<OrderDecision[]> {
  const packages = notInBase(bag.manifest.system.packages, base.system.facts.packages);
  const order = options.order ?? 'auto';
  if (plan.sameRelease) return [];
  const successors = findVanished(packages, plan.resolutions).map(
    each => plan.resolutions.find(one => one.old === each.name)!.new!,
  );
  const today =
    order === 'auto' ? await readPackageContents(options.engine, base.image.id, successors) : new Map<string, never>();
  const { stateOf } = options;
  return decideOrder(packages, plan.resolutions, order, today).filter(each => !stateOf || stateOf.has(each.old.name));
}

export type ImageNames = Pick<BuildRequest, 'tag' | 'label' | 'labels'>;

/** What is built where no package's state comes before the packages. */
export function buildRequest(
  options: Pick<RestoreOptions, 'engine' | 'useCache' | 'progress'>,
  { bag, plan, base }: Pick<Preparation, 'bag' | 'plan' | 'base'>,
  names: ImageNames,
): BuildRequest {
  const { text: dockerfile } = rewriteDockerfile(plan.dockerfile.text, {
    base: accountsTag(names.tag),
    oldBase: base.reference,
    buildArgs: plan.dockerfile.buildArgs,
    resolutions: [],
  });
  return {
    engine: options.engine,
    base: base.reference,
    accounts: plan.systemAccounts,
    baseHas: path => base.system.files.has(path),
    dockerfile,
    context: bag.manifest.rebuild ? join(bag.dir, 'data/rebuild') : undefined,
    contextTexts: plan.dockerfile.context,
    buildArgs: plan.dockerfile.buildArgs,
    ...names,
    useCache: options.useCache ?? false,
    onLine: (line: string) => options.progress.detail(printable(line)),
  };
}

function report(decisions: OrderDecision[], carried: boolean, journal: Journal): void {
  for (const { old, successor, order, why } of decisions) {
    const what =
      order === 'state-first' && carried
        ? `the state of ${old.name} was there before ${successor} was installed`
        : `${successor} was installed before the state of ${old.name} was put back`;
    journal.done('packages', what, why, `order/${order}`);
  }
}
