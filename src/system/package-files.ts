import type { PathKind } from '../bag/index-entry.ts';
import type { InstalledPackage } from './system-facts.ts';

/** Digests that package managers record. `sha256-160`: the first 160 bits of a sha256 (apk 3). */
export type DigestAlgorithm = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512' | 'sha256-160';

/** What the package manager knows of one path. */
export interface PackageFile {
  package: string;
  /** Digest of the content as shipped, in hex, when the database has one of an algorithm that is known. */
  digest?: string;
  /** md5 when left out, which is dpkg's. */
  algorithm?: DigestAlgorithm;
  conffile?: boolean;
  /** Managed by ucf: a configuration file with a known original, but dpkg does not ship it. */
  ucf?: boolean;
  /** When the package was unpacked: seconds since 1970 as text, '' when unknown. */
  unpacked: string;
  /** File of the package database that is written anew whenever the package is unpacked. */
  list?: string;
  /** A configuration file that the package does not ship any more. */
  obsolete?: boolean;
  /** rpm and apk record the rest; dpkg does not. */
  kind?: PathKind;
  /** Permission bits. */
  mode?: number;
  /** -1 where the recorded name belongs to nobody. */
  uid?: number;
  gid?: number;
  /** Target of a link. */
  target?: string;
  /** Extended attribute `security.capability` in base64. */
  capability?: string;
  /** Was shipped with extended attributes of which only a digest is known. */
  extended?: boolean;
  /** No repository has the package: what it shipped cannot be had again. dpkg's are packed anew instead. */
  local?: boolean;
}

/** Names of packages that no repository has. */
export function localNames(packages: InstalledPackage[]): ReadonlySet<string> {
  return new Set(packages.filter(each => each.local).map(each => each.name));
}

/** Canonical absolute path -> what ships it. */
export type PackageFiles = Map<string, PackageFile>;

/**
 * Makes paths canonical with the directory links of a walk: on a merged-/usr system `/bin/sh` is `/usr/bin/sh`.
 * @param links absolute path of each symbolic link -> its target
 */
export function canonicalPaths(links: ReadonlyMap<string, string>): (path: string) => string {
  const directories = new Map<string, string>([['', '']]);
  const canonicalDirectory = (directory: string, depth = 0): string => {
    const known = directories.get(directory);
    if (known !== undefined) return known;
    const slash = directory.lastIndexOf('/');
    const real = `${canonicalDirectory(directory.slice(0, slash), depth)}/${directory.slice(slash + 1)}`;
    const target = links.get(real);
    const resolved = target === undefined || depth > 40 ? real : canonicalDirectory(resolve(real, target), depth + 1);
    directories.set(directory, resolved);
    return resolved;
  };
  return path => {
    const slash = path.lastIndexOf('/');
    const directory = path.slice(0, slash);
    const real = canonicalDirectory(directory);
    return real === directory ? path : `${real}/${path.slice(slash + 1)}`; // most paths are as listed: no copy
  };
}

/** Target of a link as an absolute path without `.` and `..`, seen from inside the root. */
export function resolve(link: string, target: string): string {
  const parts = target.startsWith('/') ? [] : link.split('/').slice(1, -1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.length === 0 ? '' : `/${parts.join('/')}`;
}

const MOST_HOPS = 40;

/**
 * Where a chain of links ends, from a path that need not be one; undefined for a circle.
 * @param links absolute path of each symbolic link -> its target
 */
export function linkFollower(links: ReadonlyMap<string, string>): (path: string) => string | undefined {
  const canonical = canonicalPaths(links);
  return start => {
    let path = canonical(start);
    for (let hops = 0; hops < MOST_HOPS; hops++) {
      const target = links.get(path);
      if (target === undefined) return path;
      path = canonical(resolve(path, target));
    }
    return undefined;
  };
}

/**
 * A test whether a link leads, through other links, to something that exists.
 */
export function linkResolver(
  links: ReadonlyMap<string, string>,
  exists: (path: string) => boolean,
): (link: string, target: string) => boolean {
  const endOf = linkFollower(links);
  return (link, target) => {
    const end = endOf(resolve(link, target));
    if (end === undefined) return false;
    return end === '' || end === '/' || /^\/(dev|proc|sys)(\/|$)/.test(end) || exists(end);
  };
}
