/** Where two names differ in one version number only. */
export interface VersionChange {
  /** What stands before the number, without a trailing `-`: `php`, `postgresql`, `libapache2-mod-php`. */
  stem: string;
  old: string;
  new: string;
}

const TOKEN = /\d+(?:\.\d+)*/g;

/**
 * The name with every version number replaced by `#`: `postgresql-13-ip4r` -> `postgresql-#-ip#r`.
 * The `t64` of the 64-bit time_t libraries (Debian trixie, Ubuntu 24.04) is not part of a name's pattern.
 */
export function versionPattern(name: string): string {
  return withoutTimeT(name).replace(TOKEN, '#');
}

/** The version numbers in a name, in order: `libapache2-mod-php7.4` -> ['2', '7.4']. */
export function versionTokens(name: string): string[] {
  return withoutTimeT(name).match(TOKEN) ?? [];
}

/**
 * What changed between two names of one pattern, when it is one number (which may occur more than once);
 * undefined when the names are equal, of different patterns, or differ in several numbers.
 */
export function findVersionChange(from: string, to: string): VersionChange | undefined {
  if (versionPattern(from) !== versionPattern(to)) return undefined;
  const before = versionTokens(from);
  const after = versionTokens(to);
  const changed = before.flatMap((token, at) => (token === after[at] ? [] : [at]));
  const first = changed[0];
  if (first === undefined) return undefined;
  const change = { old: before[first]!, new: after[first]! };
  if (changed.some(at => before[at] !== change.old || after[at] !== change.new)) return undefined;
  return { stem: stemBefore(withoutTimeT(from), first), ...change };
}

/** What stands before each version number of a name: `postgresql-13-ip4r` -> ['postgresql', 'postgresql-13-ip']. */
export function versionStems(name: string): string[] {
  const bare = withoutTimeT(name);
  return [...bare.matchAll(TOKEN)].map((_, index) => stemBefore(bare, index));
}

/** The name without one of its version numbers: `mariadb-server-10.5` -> `mariadb-server`. */
export function withoutToken(name: string, token: string): string {
  const bare = withoutTimeT(name);
  const escaped = token.replaceAll('.', '\\.');
  return bare.replace(new RegExp(`-?(?<![\\d.])${escaped}(?![\\d.])`), '');
}

/** `libssl3t64` -> `libssl3`; a name with another `t64` in it stays. */
export function withoutTimeT(name: string): string {
  return name.replace(/(?<=\d[a-z]?|[a-z])t64(?=$|-)/, '');
}

function stemBefore(name: string, index: number): string {
  const match = [...name.matchAll(TOKEN)][index]!;
  return name.slice(0, match.index).replace(/[-.]$/, '');
}
