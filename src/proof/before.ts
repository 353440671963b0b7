import type { Preparation } from '../restore/prepare-restore.ts';
import { readInventories } from './inventory-file.ts';
import type { Before } from './prove-running.ts';

/** What a restored service is held against: the bag's own account of then, with the plan's names of today. */
export async function beforeTheEnd({ bag, base, plan, accounts, oldImageAccounts }: Preparation): Promise<Before> {
  return {
    manifest: bag.manifest,
    accounts,
    image: oldImageAccounts,
    brought: new Set(base.system.accounts.passwd.map(each => each.name)),
    inventories: await readInventories(bag),
    services: plan.services,
    differences: plan.differences,
    substitutions: plan.substitutions,
    successors: new Map(
      plan.resolutions.map(each => [each.old, [each.new, ...(each.also ?? [])].filter(name => name !== undefined)]),
    ),
  };
}
