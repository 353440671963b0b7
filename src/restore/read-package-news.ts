import { newsSince, type PackageNews, parsePackageNews } from '../plan/package-news.ts';
import { PACKAGE_NAME } from './apply-packages.ts';
import type { NewSystem } from './new-system.ts';
import type { Preparation } from './prepare-restore.ts';

/** Bytes of one package's news that are read: the longest of Debian 13 has 26 kB. */
const MOST_BYTES = 262_144;

/** Each name of a package is followed by its news; NUL is in neither. */
const READ = `
for name; do
  for file in "/usr/share/doc/$name/NEWS.Debian.gz" "/usr/share/doc/$name/NEWS.Debian"; do
    [ -f "$file" ] || continue
    printf '\\0%s\\0' "$name"
    case $file in *.gz) gzip -dc < "$file" ;; *) cat < "$file" ;; esac | head -c "$MOST"
    break
  done
done`;

/**
 * What the maintainers of today's packages tell those who come from the old versions. Of packages that the service brought, not of
 * the base's own; empty on systems without dpkg, and where documentation is not installed (slim images).
 */
export async function readPackageNews(system: NewSystem, { bag, base, plan }: Preparation): Promise<PackageNews[]> {
  const ofBase = new Set(base.system.facts.packages.map(each => each.name));
  const names = system.facts.packages
    .map(each => each.name)
    .filter(name => PACKAGE_NAME.test(name) && !ofBase.has(name));
  if (names.length === 0) return [];
  const { stdout } = await system.target.exec(['sh', '-c', READ, 'sh', ...names], {
    env: { MOST: String(MOST_BYTES) },
    allowFailure: true,
  });
  const [, ...parts] = stdout.toString('utf8').split('\0');
  const told = new Map<string, PackageNews[]>();
  for (let at = 0; at + 1 < parts.length; at += 2) told.set(parts[at]!, parsePackageNews(parts[at + 1]!));
  const successors = plan.resolutions.flatMap(each => (each.new ? [[each.old, each.new] as const] : []));
  return newsSince(told, bag.manifest.system.packages, new Map(successors));
}
