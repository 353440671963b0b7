/* /var/log/apt/history.log, as apt writes it since 0.8: stanzas with Commandline, Install, Upgrade, ... */

/** What apt's history tells about where packages came from. */
export interface AptHistory {
  /** Packages that apt installed or upgraded by name, from a repository. */
  fetched: Set<string>;
  /** Packages that came from a file that was named on the command line. */
  fromFiles: Set<string>;
}

/** Parses history.log. A package that came from a file and later from a repository counts as fetched. */
export function parseAptHistory(text: string): AptHistory {
  const history: AptHistory = { fetched: new Set(), fromFiles: new Set() };
  for (const stanza of text.split(/\n\n+/)) {
    const files = [...stanza.matchAll(/\s(\S*\/)?([a-z0-9][a-z0-9+.-]*)(?:_\S*)?\.deb(?=\s|$)/gm)].map(
      match => match[2]!,
    );
    const names = packagesOf(stanza);
    for (const { name, automatic } of names) {
      // A file may have any name: where none fits, whatever was asked for came from it.
      const fits =
        files.includes(name) || (files.length > 0 && !automatic && !names.some(each => files.includes(each.name)));
      history[fits ? 'fromFiles' : 'fetched'].add(name);
      history[fits ? 'fetched' : 'fromFiles'].delete(name);
    }
  }
  return history;
}

/** `Install: lab:amd64 (1.0), libx:amd64 (2.0, automatic)`. */
function packagesOf(stanza: string): { name: string; automatic: boolean }[] {
  const lines = stanza.split('\n').filter(line => /^(Install|Reinstall|Upgrade|Downgrade): /.test(line));
  return lines.flatMap(line =>
    [...line.matchAll(/([a-z0-9][a-z0-9+.-]*):[a-z0-9-]+ \(([^)]*)\)/g)].map(match => ({
      name: match[1]!,
      automatic: /, automatic$/.test(match[2]!),
    })),
  );
}
