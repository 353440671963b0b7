/** Where uids and gids of each kind live; both ends belong to the range. */
export interface IdRanges {
  systemMin: number;
  systemMax: number;
  peopleMin: number;
  peopleMax: number;
}

/** Debian Policy 9.2.2 and adduser.conf(5). Ids 0..99 are static and belong to base-passwd. */
export const debianRanges: IdRanges = { systemMin: 100, systemMax: 999, peopleMin: 1000, peopleMax: 59999 };

/** Ids that the distribution gives out itself, on demand but globally the same (Debian Policy 9.2.2). */
const RESERVED = { min: 60000, max: 65535 };

/**
 * Ranges from the texts of /etc/login.defs (login.defs(5)) and, where there is one, /etc/adduser.conf (adduser.conf(5)),
 * which wins because maintainer scripts use adduser. Users' limits count for groups too. Unreadable values are Debian's.
 */
export function parseIdRanges(loginDefs: string, adduserConf = ''): IdRanges {
  const find = (text: string, key: string): number | undefined => {
    const value = new RegExp(`^[ \\t]*${key}[ \\t=]+(\\d{1,9})[ \\t]*$`, 'm').exec(text)?.[1];
    return value === undefined ? undefined : Number(value);
  };
  const pick = (adduserKey: string, loginKey: string, fallback: number): number =>
    find(adduserConf, adduserKey) ?? find(loginDefs, loginKey) ?? fallback;
  const ranges = {
    systemMin: pick('FIRST_SYSTEM_UID', 'SYS_UID_MIN', debianRanges.systemMin),
    systemMax: pick('LAST_SYSTEM_UID', 'SYS_UID_MAX', debianRanges.systemMax),
    peopleMin: pick('FIRST_UID', 'UID_MIN', debianRanges.peopleMin),
    peopleMax: Math.min(pick('LAST_UID', 'UID_MAX', debianRanges.peopleMax), RESERVED.min - 1),
  };
  const ordered = ranges.systemMin < ranges.systemMax && ranges.systemMax < ranges.peopleMin;
  return ordered && ranges.peopleMin < ranges.peopleMax ? ranges : debianRanges;
}

/** An id of a person's account or group: not the system's, not root's, not `nobody`, not one that Debian reserves. */
export function isPersonId(id: number, ranges: IdRanges): boolean {
  return id >= ranges.peopleMin && !(id >= RESERVED.min && id <= RESERVED.max);
}

/** An id that packages or `useradd --system` take on the fly, or that the distribution reserves for a package. */
export function isSystemId(id: number, ranges: IdRanges): boolean {
  return (id >= ranges.systemMin && id < ranges.peopleMin) || (id >= RESERVED.min && id < 65534);
}
