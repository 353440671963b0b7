import type { Difference } from '../knowledge/service.ts';

/** Rows of which a knowledge entry's program makes more, such as a table of settings at an update. */
export interface AddedRows {
  keys: RegExp;
  why: string;
  /** Id of the entry. */
  rule: string;
}

/** What the entries that apply say of rows that they add. */
export function addedRows(differences: readonly { service: string; difference: Difference }[]): AddedRows[] {
  return differences.flatMap(({ service, difference }) =>
    (difference.addsRows ?? []).map(keys => ({
      keys: new RegExp(`^(?:${keys})$`),
      why: `an update of its tables adds rows: ${difference.why}`,
      rule: `${service}/${difference.id}`,
    })),
  );
}

/** Why there are more; undefined when nothing explains it, or when there are fewer. */
export function whyMore(
  key: string,
  was: string | undefined,
  is: string | undefined,
  added: readonly AddedRows[],
): { why: string; rule: string } | undefined {
  if (is === undefined || !/^\d+$/.test(is) || (was !== undefined && !/^\d+$/.test(was))) return undefined;
  if (BigInt(is) < BigInt(was ?? '0')) return undefined;
  const found = added.find(each => each.keys.test(key));
  return found && { why: found.why, rule: found.rule };
}
