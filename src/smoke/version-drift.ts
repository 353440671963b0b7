import { mapPath, type Substitution } from '../plan/path-substitution.ts';
import type { InstalledPackage, OsRelease } from '../system/system-facts.ts';
import { asThenOffered } from './capabilities.ts';
import type { SmokeAnswer } from './smoke-test.ts';

/** Versions of then and now, as they may stand in what a service says. */
export interface VersionDrift {
  pairs: VersionPair[];
  /** Version numbers in names and paths: `/etc/php/7.4`. */
  substitutions: Substitution[];
}

/** One way to write the version of one package (or of the release), then and now. */
export interface VersionPair {
  of: string;
  old: string;
  now: string;
}

/** One side of a comparison. */
export interface Versions {
  os: OsRelease;
  packages: readonly Pick<InstalledPackage, 'name' | 'version'>[];
}

/**
 * The versions that answers may tell of without telling of another service.
 * @param successors names of today for a package of then; its own name when it is not in there
 */
export function versionDrift(
  old: Versions,
  now: Versions,
  successors: ReadonlyMap<string, readonly string[]>,
  substitutions: Substitution[] = [],
): VersionDrift {
  const today = new Map(now.packages.map(each => [each.name, each.version]));
  const pairs = old.packages.flatMap(({ name, version }) => {
    const next = (successors.get(name) ?? [name]).map(each => today.get(each)).find(each => each !== undefined);
    return next === undefined || next === version ? [] : formPairs(name, version, next);
  });
  const release = (['prettyName', 'codename', 'versionId'] as const).map(key => ({
    of: 'the release',
    old: old.os[key],
    now: now.os[key],
  }));
  const telling = [...release, ...pairs].filter(
    each => each.old !== each.now && isTelling(each.old) && isTelling(each.now),
  );
  const unique = new Map(telling.map(each => [`${each.old} ${each.now}`, each]));
  return { pairs: [...unique.values()].sort((a, b) => b.old.length - a.old.length), substitutions };
}

/**
 * Whether two answers differ in nothing but versions of packages: then which, as `nginx 1.18.0 -> 1.26.3`; else undefined.
 */
export function findDrift(golden: SmokeAnswer, now: SmokeAnswer, drift: VersionDrift): string[] | undefined {
  if (golden.lines.length !== now.lines.length) return undefined;
  const told = new Set<string>();
  const lines: [string, string][] = [
    [golden.status, now.status],
    ...golden.lines.map((line, at): [string, string] => [line, now.lines[at]!]),
  ];
  for (const [was, is] of lines) {
    const found = was === is ? [] : lineDrift(was, is, drift);
    if (!found) return undefined;
    for (const each of found) told.add(each);
  }
  return [...told];
}

/** What one line tells of other versions; undefined when it differs otherwise. */
export function lineDrift(was: string, today: string, { pairs, substitutions }: VersionDrift): string[] | undefined {
  const { line: is, told: offered } = asThenOffered(was, today);
  let [before, after] = [mapPath(was, substitutions), is];
  const told: string[] = before === was ? [...offered] : ['a version in a path', ...offered];
  for (const pair of pairs) {
    if (before === after) break;
    if (!before.includes(pair.old) || !after.includes(pair.now)) continue;
    const [left, right] = [masked(before, pair.old), masked(after, pair.now)];
    if (left === before || right === after) continue;
    [before, after] = [left, right];
    told.push(`${pair.of} ${pair.old} -> ${pair.now}`);
  }
  return before === after ? told : bannerDrift(was, is, pairs);
}

/**
 * `Product/1.2` and `Product_1.2`: where the old version is the package's, any version of the same product may follow today, since
 * programs do not always say what their package says (OpenSSH 10.0p1 calls itself 10.0p2).
 */
function bannerDrift(was: string, is: string, pairs: readonly VersionPair[]): string[] | undefined {
  for (const { of, old } of pairs) {
    const at = was.search(new RegExp(`(?<=[A-Za-z][/_])${escaped(old)}(?![\\w.])`));
    if (at < 0) continue;
    const rest = was.slice(at + old.length);
    if (is === withoutVersion(was.slice(0, at), rest)) return [`${of} ${old} -> it does not tell its version any more`];
    const today = new RegExp(`^${escaped(was.slice(0, at))}(\\d[\\w.+~-]*( Debian-[\\w.+~]+)?)${escaped(rest)}$`).exec(
      is,
    )?.[1];
    if (today !== undefined) return [`${of} ${old} -> ${today}`];
  }
  return undefined;
}

/**
 * `nginx` of `nginx/1.18.0`, `Apache` of `Apache/2.4.56 (Debian)` (RFC 9110, 10.2.4: product, version, comment): what a server says
 * that keeps its version to itself, as today's packages have theirs do. One that tells a version it used to hide is another matter.
 */
function withoutVersion(before: string, rest: string): string | undefined {
  return before.endsWith('/') ? `${before.slice(0, -1)}${rest.replace(/^ \([^()]*\)/, '')}` : undefined;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A version within a longer number is another version. */
function masked(text: string, version: string): string {
  const literal = escaped(version);
  return text.replace(
    new RegExp(`(?<![\\w.])${literal}(?![\\d]|\\.\\d)|(?<=[A-Za-z_/-])${literal}(?![\\d]|\\.\\d)`, 'g'),
    '<version>',
  );
}

/** A bare number may be anything; two numbers with a dot, or a name, are a version. */
function isTelling(version: string): boolean {
  return /\d[.+~-]\d|[a-z]{3}|\d[a-z]\d/i.test(version);
}

/** deb-version(7): [epoch:]upstream[-revision]. Programs tell the upstream version, without what Debian removed, or all of it. */
function formPairs(of: string, old: string, now: string): VersionPair[] {
  const [was, is] = [formsOf(old), formsOf(now)];
  return was.flatMap((form, at) => (form === '' || is[at] === '' ? [] : [{ of, old: form, now: is[at]! }]));
}

function formsOf(version: string): string[] {
  const whole = version.replace(/^\d+:/, '');
  const at = whole.lastIndexOf('-');
  const [upstream, revision] = at < 0 ? [whole, ''] : [whole.slice(0, at), whole.slice(at + 1)];
  const clean = upstream.replace(/[+~](dfsg|ds|repack|really|git|deb|debian).*$/i, '');
  const numbers = clean.split('.');
  return [
    `${clean} Debian-${revision}`,
    whole,
    upstream,
    clean,
    numbers.slice(0, 3).join('.'),
    numbers.slice(0, 2).join('.'),
    revision,
  ];
}
