import { type Distribution, type Release, wayOfReleases } from '../knowledge/distribution.ts';
import type { OsRelease } from '../system/system-facts.ts';

/** A file of package sources: /etc/apt/sources.list or one of sources.list.d (sources.list(5)). */
export interface SourcesFile {
  path: string;
  text: string;
}

/** Sources in the two formats that apt reads; either may be empty. */
export interface Sources {
  /** One line each: `deb [signed-by=...] http://mirror/debian trixie main` */
  list: string;
  /** deb822 stanzas. */
  stanzas: string;
}

/**
 * Sources of another release of the same distribution, from the base's own: the same mirrors and keys, another suite name.
 * Sources of other suites (third parties, backports) are left out.
 * @param from the base's release, @param to the release whose lists are wanted.
 */
export function betweenSources(files: SourcesFile[], from: Release, to: Release): Sources {
  const list: string[] = [];
  const stanzas: string[] = [];
  for (const { path, text } of files) {
    if (path.endsWith('.sources'))
      stanzas.push(...text.split(/\n(?:[ \t]*\n)+/).flatMap(stanza => moveStanza(stanza, from, to)));
    else list.push(...text.split('\n').flatMap(line => moveLine(line, from, to)));
  }
  return { list: list.map(line => `${line}\n`).join(''), stanzas: stanzas.map(stanza => `${stanza}\n\n`).join('') };
}

/**
 * Sources of the old release and of all between it and the base, from the base's own. Both are empty where the base is of another
 * distribution.
 */
export function olderSources(
  files: SourcesFile[],
  { old, base, distributions }: { old: OsRelease; base: OsRelease; distributions: Distribution[] },
): Sources {
  const way = wayOfReleases(distributions, old, base);
  if (!way || way.first === way.last) return { list: '', stanzas: '' };
  const all = [way.first, ...way.between].map(to => betweenSources(files, way.last, to));
  return { list: all.map(each => each.list).join(''), stanzas: all.map(each => each.stanzas).join('') };
}

function moveLine(line: string, from: Release, to: Release): string[] {
  const match = /^\s*deb\s+(\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(\S.*)$/.exec(line.replace(/#.*/, ''));
  const suite = match && moveSuite(match[3]!, from, to);
  if (!match || !suite) return [];
  return [`deb ${match[1] ?? ''}${match[2]} ${suite} ${match[4]!.trim()}`];
}

function moveStanza(stanza: string, from: Release, to: Release): string[] {
  const text = stanza.replace(/^#.*\n?/gm, '').trim();
  if (!/^Types:.*\bdeb\b/im.test(text) || /^Enabled:\s*no/im.test(text)) return [];
  const suites = /^Suites:(.*)$/im.exec(text)?.[1]?.trim().split(/\s+/) ?? [];
  const moved = suites.flatMap(suite => moveSuite(suite, from, to) ?? []);
  if (moved.length === 0) return [];
  return [text.replace(/^Suites:.*$/im, `Suites: ${moved.join(' ')}`).replace(/^Types:.*$/im, 'Types: deb')];
}

function moveSuite(suite: string, from: Release, to: Release): string | undefined {
  const [, name, part = ''] = /^([a-z]+)((?:-|\/)[a-z]+)?$/.exec(suite) ?? [];
  if (name !== from.codename && name !== 'stable') return undefined;
  if (part === '' || part === '-updates') return `${to.codename}${part}`;
  const isSecurity = part === '-security' || part === '/updates';
  return isSecurity ? (to.security ?? `${to.codename}-security`) : undefined;
}
