import type { OsRelease } from './system-facts.ts';

/** Parses /etc/os-release (os-release(5)): shell assignments, quotes optional. Missing fields become ''. */
export function parseOsRelease(text: string): OsRelease {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Z0-9_]+)=(.*?)\s*$/.exec(line);
    if (match) values.set(match[1]!, match[2]!.replace(/^(["'])(.*)\1$/, '$2').replace(/\\(["'$`\\])/g, '$1'));
  }
  const get = (name: string) => values.get(name) ?? '';
  return {
    id: get('ID'),
    idLike: get('ID_LIKE').split(/\s+/).filter(Boolean),
    versionId: get('VERSION_ID'),
    codename: get('VERSION_CODENAME'),
    prettyName: get('PRETTY_NAME') || get('NAME'),
  };
}
