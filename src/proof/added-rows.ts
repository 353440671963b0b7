import type { Difference } from '../knowledge/service.ts';

/** Rows of which an update makes more, such as a table of settings; or of which the new version keeps fewer. */
export interface AddedRows {
  keys: RegExp;
  /** Fewer, or none, are meant. */
  fewer?: boolean;
  why: string;
  /** Id of the entry. */
  rule: string;
}

/** What the entries that apply say of rows that are more, or fewer, after an update. */
export function addedRows(differences: readonly { service: string; difference: Difference }[]): AddedRows[] {
  return differences.flatMap(({ service, difference }) => {
    const rule = `${service}/${difference.id}`;
    const whole = (keys: string) => new RegExp(`^(?:${keys})$`);
    return [
      ...(difference.movesRows ?? []).map(keys => ({
        keys: whole(keys),
        fewer: true,
        why: `the new version drops them or keeps them elsewhere: ${difference.why}`,
        rule,
      })),
      ...(difference.addsRows ?? []).map(keys => ({
        keys: whole(keys),
        why: `an update of its tables adds rows: ${difference.why}`,
        rule,
      })),
    ];
  });
}

/** Why there are more, or as few; undefined when nothing explains it. */
export function whyOther(
  key: string,
  was: string | undefined,
  is: string | undefined,
  added: readonly AddedRows[],
): { why: string; rule: string } | undefined {
  const found = added.find(each => each.keys.test(key) && (each.fewer === true || isMore(was, is)));
  return found && { why: found.why, rule: found.rule };
}

function isMore(was: string | undefined, is: string | undefined): boolean {
  if (is === undefined || !/^\d+$/.test(is) || (was !== undefined && !/^\d+$/.test(was))) return false;
  return BigInt(is) >= BigInt(was ?? '0');
}
