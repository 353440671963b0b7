import { compareDebianVersions } from './debian-version.ts';

/** A configuration file that a package's own scripts move at an upgrade. */
export interface MovedConffile {
  package: string;
  from: string;
  to: string;
  /** The newest version that still had the old place; absent: any. */
  upTo?: string;
}

/** A plain path of /etc: what scripts compute is left alone. */
const CONFIGURATION = /^\/etc\/[\w@%+=:,.-]+(?:\/[\w@%+=:,.-]+)*$/;

/**
 * Reads what `dpkg-maintscript-helper mv_conffile OLD NEW [VERSION [PACKAGE]] -- "$@"` lines of maintainer scripts say
 * (dpkg-maintscript-helper(1)), one `PACKAGE<tab>LINE` each. Pure.
 */
export function parseMovedConffiles(lines: string): MovedConffile[] {
  return lines.split('\n').flatMap(each => {
    const [owner = '', line = ''] = each.split('\t');
    const call = /\bdpkg-maintscript-helper\s+mv_conffile\s+(.*?)\s+--(?:\s|$)/.exec(line)?.[1];
    if (call === undefined) return [];
    const [from = '', to = '', upTo = '', name = ''] = call.split(/\s+/).map(unquoted);
    if (![from, to].every(path => CONFIGURATION.test(path) && !/(^|\/)\.\.?(\/|$)/.test(path))) return [];
    return [{ package: (name || owner).replace(/:.*/, ''), from, to, ...(upTo ? { upTo } : {}) }];
  });
}

function unquoted(word: string): string {
  return word.replace(/["'\\]/g, '');
}

/**
 * Moves that an upgrade from the old packages would have made: old place -> new place. A move of a move is followed. Pure.
 * @param versionThen version of a package of the old system; undefined where it was not there
 */
export function movesSince(
  moved: readonly MovedConffile[],
  versionThen: (name: string) => string | undefined,
): Map<string, string> {
  const due = moved.filter(each => {
    const then = versionThen(each.package);
    return then !== undefined && (each.upTo === undefined || compareDebianVersions(then, each.upTo) <= 0);
  });
  const next = new Map(due.map(each => [each.from, each.to]));
  const last = (path: string) => {
    const seen = new Set<string>();
    let at = path;
    for (let to = next.get(at); to !== undefined && !seen.has(to); to = next.get(at)) {
      seen.add(to);
      at = to;
    }
    return at;
  };
  return new Map([...next.keys()].map(from => [from, last(from)]));
}
