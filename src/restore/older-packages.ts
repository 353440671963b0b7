import type { Distribution } from '../knowledge/distribution.ts';
import { olderSources } from '../plan/between-sources.ts';
import { findMissedPackages, type MissedPackage } from '../plan/missed-packages.ts';
import type { Plan } from '../plan/plan.ts';
import { PRINT_SOURCES, parseSourcesFiles } from '../plan/read-package-index.ts';
import { printable } from '../system/byte-text.ts';
import type { InstalledPackage } from '../system/system-facts.ts';
import { apt, lastError, PACKAGE_NAME } from './apply-packages.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';

const FOLDER = '/var/lib/perennial/older';

/**
 * Fetches packages of older releases with lists and settings of their own, so that nothing of it stays in the system; apt checks
 * signatures as ever, but old lists may be past their date. A name that no list has is left out.
 */
const FETCH = `
mkdir -p "$FOLDER/parts" "$FOLDER/lists/partial" "$FOLDER/archives/partial"
cd "$FOLDER"
[ -z "$LIST" ] || printf '%s' "$LIST" > parts/older.list
[ -z "$STANZAS" ] || printf '%s' "$STANZAS" > parts/older.sources
chmod -R go+rX "$FOLDER"
set -- -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$FOLDER/parts" -o Dir::State::lists="$FOLDER/lists" \\
  -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \\
  -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root
apt-get update "$@" >&2
for name in $NAMES; do apt-get download "$@" "$name" >&2 || :; done
for file in *.deb; do [ ! -e "$file" ] || printf '%s %s\\n' "$file" "$(dpkg-deb -f "$file" Package Version | sed 's/^[A-Za-z]*: //' | tr '\\n' ' ')"; done
`;

interface Fetched {
  file: string;
  version: string;
}

/**
 * What today's release has not, nor anything that succeeds it, is had from the newest older release that offers it, where that can
 * work: programs for no processor in particular, whose dependencies today's release meets. All are named, since nobody mends them any
 * more; the rest is named as missed.
 */
export async function installOlderPackages(
  system: NewSystem,
  plan: Plan,
  old: InstalledPackage[],
  distributions: Distribution[],
  journal: Journal,
): Promise<void> {
  const missed = findMissedPackages(plan, old).filter(
    each => PACKAGE_NAME.test(each.name) && system.installedVersion(each.name) === undefined,
  );
  const portable = missed.filter(each => each.portable);
  const fetched = portable.length > 0 ? await fetchOlder(system, plan, portable, distributions) : new Map();
  for (const each of missed) await installOne(system, each, fetched.get(each.name), plan, journal);
  if (portable.length === 0) return;
  await system.script('Removing the copies', 'rm -rf "$FOLDER"', { env: { FOLDER } });
  if (fetched.size > 0) await system.refresh();
}

/** By name; empty when the mirrors have the older releases no more. */
async function fetchOlder(
  system: NewSystem,
  plan: Plan,
  wanted: MissedPackage[],
  distributions: Distribution[],
): Promise<Map<string, Fetched>> {
  const files = parseSourcesFiles(Buffer.from(await system.script('Reading the package sources', PRINT_SOURCES)));
  const { list, stanzas } = olderSources(files, { old: plan.from, base: plan.to, distributions });
  if (list === '' && stanzas === '') return new Map();
  const env = { FOLDER, LIST: list, STANZAS: stanzas, NAMES: wanted.map(each => each.name).join(' ') };
  const printed = await system.script('Fetching packages of older releases', FETCH, { env }).catch(() => '');
  const lines = printed.split('\n').map(line => line.split(' '));
  return new Map(
    lines.flatMap(([file, name, version]) =>
      file && name && version ? [[name, { file: `${FOLDER}/${file}`, version }] as const] : [],
    ),
  );
}

async function installOne(
  system: NewSystem,
  { name, why }: MissedPackage,
  fetched: Fetched | undefined,
  plan: Plan,
  journal: Journal,
): Promise<void> {
  const release = plan.to.codename || plan.to.prettyName;
  if (fetched === undefined) {
    journal.look('packages', `${name} is not there`, why, 'packages/gone');
    return;
  }
  const tried = await apt(system, 'install', [fetched.file], ['--simulate']);
  const done =
    tried.code === 0 && !/^Remv /m.test(`${tried.stdout}`) ? await apt(system, 'install', [fetched.file]) : undefined;
  if (done?.code === 0) {
    journal.script(
      `packages: ${name}, which only an older release has (${printable(fetched.version)}): fetch it from there`,
      `DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ./${name}_*.deb`,
    );
    journal.look(
      'packages',
      `${name} ${printable(fetched.version)} is an older release's`,
      `${release} has none, and nothing that succeeds it; it gets no updates any more, so look for something to replace it`,
      'packages/older',
    );
  } else {
    const told = done ?? tried;
    const reason = lastError(told.stderr || `${told.stdout}`) || 'other packages would have to go';
    journal.look(
      'packages',
      `${name} is not there`,
      `${why}; an older release's does not fit: ${reason}`,
      'packages/gone',
    );
  }
}
