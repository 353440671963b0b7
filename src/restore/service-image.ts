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
 * the Dockerfile. Where it does not build on that state, it is built on less of it, in the end without. Returns the image id.
 */
export async function buildServiceImage(
  options: RestoreOptions,
  prepared: Preparation,
  names: ImageNames,
  journal: Journal,
  early?: { build: EarlyBuild; key: string },
): Promise<string> {
  const { decisions, sure } = await decide(options, prepared);
  const first = decisions.filter(each => each.order === 'state-first');
  const begun = await early?.build.settle(first.length === 0 ? early.key : undefined);
  if (begun?.image) return begun.image;
  const request = { ...buildRequest(options, prepared, names), begun: first.length === 0 && begun?.hasBase === true };
  const build = (carried: OrderDecision[], whole: boolean) =>
    buildImage({
      ...request,
      writePreState: context =>
        writePreState(
          prepared.bag,
          carried.map(each => each.old),
          context,
          whole,
        ),
    });
  // What is sure to be carried over is so also where the state of more stops the build.
  const tries = [first, ...(sure.length > 0 && sure.length < first.length ? [sure] : []), []];
  for (const [n, carried] of tries.entries()) {
    try {
      const image = await build(carried, n === 0 && options.order === 'state-first');
      report(decisions, new Set(carried), journal);
      return image;
    } catch (error) {
      if (carried.length === 0) throw error;
      const packages = carried.map(each => each.old.name).join(', ');
      journal.look('build', `the image does not build on the state of ${packages}`, String(error), 'order/retry');
    }
  }
  throw new TypeError('the last try throws by itself');
}

/** What comes first, and of it `sure`: what does without anybody having asked, since the scripts of today look for it. */
async function decide(
  options: RestoreOptions,
  { bag, plan, base }: Preparation,
): Promise<{ decisions: OrderDecision[]; sure: OrderDecision[] }> {
  const { order = 'auto', stateOf } = options;
  if (plan.sameRelease) return { decisions: [], sure: [] };
  const packages = notInBase(bag.manifest.system.packages, base.system.facts.packages);
  if (order === 'packages-first') return { decisions: decideOrder(packages, plan.resolutions, order), sure: [] };
  const successors = findVanished(packages, plan.resolutions).map(
    each => plan.resolutions.find(one => one.old === each.name)!.new!,
  );
  const today = await readPackageContents(options.engine, base.image.id, successors);
  const auto = decideOrder(packages, plan.resolutions, 'auto', today);
  if (order === 'auto') return { decisions: auto, sure: [] };
  const sure = auto.filter(each => each.order === 'state-first');
  const names = new Set(sure.map(each => each.old.name));
  const more = decideOrder(packages, plan.resolutions, order).filter(
    ({ old }) => !names.has(old.name) && (!stateOf || stateOf.has(old.name)),
  );
  return { decisions: [...sure, ...more], sure };
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

function report(decisions: OrderDecision[], carried: ReadonlySet<OrderDecision>, journal: Journal): void {
  for (const decision of decisions) {
    const { old, successor, order, why } = decision;
    const what =
      order === 'state-first' && carried.has(decision)
        ? `the state of ${old.name} was there before ${successor} was installed`
        : `${successor} was installed before the state of ${old.name} was put back`;
    journal.done('packages', what, why, `order/${order}`);
  }
}
