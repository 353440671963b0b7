import { readFileSync } from 'node:fs';
import { PackageCandidate, type StanzaFields } from '../../../src/plan/package-candidate.ts';
import { PackageIndex } from '../../../src/plan/package-index.ts';
import { parsePackages } from '../../../src/plan/parse-packages.ts';
import type { InstalledPackage } from '../../../src/system/system-facts.ts';

/** An extract of what `apt-cache dumpavail` printed on a Debian release in November 2026. */
export function capturedIndex(release: 'bullseye' | 'bookworm' | 'trixie'): Promise<PackageIndex> {
  const file = new URL(`../../captured/plan/packages-${release}.txt`, import.meta.url);
  return parsePackages([readFileSync(file)], release);
}

/** Packages as they would be recorded on a release; a name that it does not have is recorded without source and Provides. */
export function installedFrom(index: PackageIndex, names: string[]): InstalledPackage[] {
  return names.map(name => {
    const found = index.find(name);
    return {
      name,
      version: found?.version ?? '1',
      architecture: 'amd64',
      source: found?.source ?? name,
      manual: true,
      status: 'installed',
      provides: found?.provides ?? [],
      conffiles: {},
    };
  });
}

/** An index of made-up packages. */
export function indexOf(label: string, packages: Partial<StanzaFields>[]): PackageIndex {
  const index = new PackageIndex(label);
  for (const fields of packages) {
    index.add(
      new PackageCandidate({
        Package: '',
        Version: '1',
        Architecture: 'all',
        Source: '',
        Section: '',
        Provides: '',
        Replaces: '',
        Breaks: '',
        Conflicts: '',
        Depends: '',
        'Pre-Depends': '',
        Description: '',
        Essential: '',
        'Installed-Size': '',
        ...fields,
      }),
    );
  }
  return index;
}
