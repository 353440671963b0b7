import type { Decisions } from './decisions.ts';
import type { Scan } from './detect.ts';

/**
 * Leaves the places of mounts that are not archived: what a walk sees there is the mounted file system's, made anew with the next container.
 * What the owner includes stays.
 */
export function leaveMountPoints(decided: Decisions, { mounts, entries }: Pick<Scan, 'mounts' | 'entries'>): void {
  for (const { destination, why: policy } of mounts.filter(each => !each.kept)) {
    const [verdict, entry] = [decided.verdict(destination), entries.get(destination)];
    if (!verdict || !entry || verdict.disposition === 'leave' || verdict.rule.startsWith('owner/')) continue;
    const why = `something is mounted there: ${policy}`;
    decided.set({ ...verdict, entry, disposition: 'leave', rule: 'engine/mount-point', why });
  }
}
