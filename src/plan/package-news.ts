import type { InstalledPackage } from '../system/system-facts.ts';
import { compareDebianVersions } from './debian-version.ts';

/** What a package's maintainers tell those who upgrade: one entry of NEWS.Debian. */
export interface PackageNews {
  /** Source package, and its version that brought the change. */
  source: string;
  version: string;
  /** Day of the entry (UTC), `2024-05-01`; empty when it has none that can be read. */
  date: string;
  text: string;
}

/** A line such as `samba (2:4.20.1+dfsg-2) unstable; urgency=medium` (deb-changelog(5)). */
const HEAD = /^([a-z0-9][a-z0-9+.-]*) \(([^()\s]+)\) [^;]*;/i;

/** A line such as ` -- Ada Lovelace <ada@example.org>  Wed, 01 May 2024 10:00:00 +0200`. */
const SIGNED = /^ -- .*> {2}(.*)$/;

/**
 * The entries of a NEWS.Debian file, newest first as they stand there. What is no entry is passed over.
 * @param text its content; format: deb-changelog(5), Debian Developer's Reference 6.3.4
 */
export function parsePackageNews(text: string): PackageNews[] {
  const found: PackageNews[] = [];
  let body: string[] = [];
  for (const line of text.split('\n')) {
    const head = HEAD.exec(line);
    const signed = SIGNED.exec(line);
    if (head) {
      found.push({ source: head[1]!, version: head[2]!, date: '', text: '' });
      body = [];
    } else if (signed && found.length > 0) {
      Object.assign(found.at(-1)!, { date: dayOf(signed[1]!), text: withoutMargin(body) });
    } else body.push(line);
  }
  return found.filter(each => each.text !== '');
}

/**
 * What was told between the old version and today's, each thing once, sorted by source package and the newest first.
 * @param told entries of today's packages, by the name of the package they came with
 * @param old what was installed then
 * @param successors today's name by the old one, where it is another
 */
export function newsSince(
  told: ReadonlyMap<string, PackageNews[]>,
  old: readonly InstalledPackage[],
  successors: ReadonlyMap<string, string>,
): PackageNews[] {
  const then = new Map(old.map(each => [successors.get(each.name) ?? each.name, each.version]));
  for (const each of old) then.set(each.name, each.version); // what had that name itself counts most
  const news = new Map<string, PackageNews>();
  for (const [name, entries] of told) {
    const version = then.get(name);
    if (version === undefined) continue;
    for (const each of entries)
      if (compareDebianVersions(each.version, version) > 0)
        news.set(`${each.source} ${each.version} ${each.text}`, each);
  }
  return [...news.values()].toSorted((a, b) =>
    a.source === b.source ? compareDebianVersions(b.version, a.version) : a.source < b.source ? -1 : 1,
  );
}

function dayOf(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? '' : new Date(time).toISOString().slice(0, 10);
}

/** Entries stand two columns in. */
function withoutMargin(lines: string[]): string {
  return lines
    .map(line => line.replace(/^ {1,2}/, '').trimEnd())
    .join('\n')
    .trim();
}
