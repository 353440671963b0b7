import { compareDebianVersions } from './debian-version.ts';
import type { PackageCandidate } from './package-candidate.ts';
import type { PackageIndex } from './package-index.ts';
import type { OldPackages, PackageIdentity } from './successor-rules.ts';
import { findVersionChange, versionPattern, versionTokens, withoutToken } from './version-token.ts';

/**
 * The package whose name differs from the subject's in one version number and which comes from the same family of sources
 * (`postgresql-13-ip4r` -> `postgresql-17-ip4r`, both of `ip4r`; `php7.4-gd` of `php7.4` -> `php8.4-gd` of `php8.4`).
 * Of several versions the release's default is taken (the one that a package without a version depends on), else the
 * nearest newer one. A name that lost its number (`mariadb-server-10.5` -> `mariadb-server`) counts when there is none.
 * Where the old system had a newer version beside it, that one is succeeded: Python 3.13 is no `python2.7`.
 */
export function findVersionedSuccessor(
  subject: PackageIdentity,
  index: PackageIndex,
  old: OldPackages,
): PackageCandidate | undefined {
  if (hadNewerBeside(subject, old)) return undefined;
  const candidates = index
    .likeNames(subject.name)
    .flatMap(name => index.find(name) ?? [])
    .filter(found => findVersionChange(subject.name, found.name) && sameFamily(subject.source, found.source));
  if (candidates.length === 0) return findUnversioned(subject, index);
  return candidates.find(found => isDefault(subject, found, index)) ?? nearest(subject, candidates);
}

function hadNewerBeside(subject: PackageIdentity, old: OldPackages): boolean {
  if (!old.has(subject.name)) return false;
  return old.like(subject.name).some(other => {
    const change = findVersionChange(subject.name, other.name);
    return change && compareDebianVersions(change.new, change.old) > 0 && sameFamily(subject.source, other.source);
  });
}

function findUnversioned(subject: PackageIdentity, index: PackageIndex): PackageCandidate | undefined {
  return versionTokens(subject.name)
    .map(token => ({ token, found: index.find(withoutToken(subject.name, token)) }))
    .find(({ token, found }) => found && isUnversionedSource(subject.source, token, found.source))?.found;
}

/** Otherwise `libc6` would lead to any `libc`. */
function isUnversionedSource(old: string, token: string, now: string): boolean {
  return old !== '' && (old === now || withoutToken(old, token) === now);
}

function sameFamily(old: string, now: string): boolean {
  return old === '' || versionPattern(old) === versionPattern(now);
}

/** `php-fpm` 2:8.4+96 depends on `php8.4-fpm`: a package without the number in its name, but with it in its version. */
function isDefault(subject: PackageIdentity, found: PackageCandidate, index: PackageIndex): boolean {
  const number = findVersionChange(subject.name, found.name)!.new;
  return index
    .dependingOn(found.name)
    .some(
      ({ name, version }) => !versionTokens(name).includes(number) && versionTokens(version).some(startsWith(number)),
    );
}

/** `1.21` of `2:1.21-76` is Java 21; `3.13.5` is Python 3.13. */
function startsWith(number: string): (token: string) => boolean {
  return token => token === number || token.startsWith(`${number}.`) || token === `1.${number}`;
}

function nearest(subject: PackageIdentity, candidates: PackageCandidate[]): PackageCandidate {
  const changes = candidates
    .map(found => ({ found, change: findVersionChange(subject.name, found.name)! }))
    .sort((a, b) => compareDebianVersions(a.change.new, b.change.new));
  const newer = changes.find(({ change }) => compareDebianVersions(change.new, change.old) > 0);
  return (newer ?? changes.at(-1)!).found;
}
