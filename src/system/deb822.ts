/**
 * Stanzas of a Debian control file (deb822(5)): /var/lib/dpkg/status, extended_states. Field names are lower-cased;
 * continuation lines are joined with '\n'.
 */
export function* parseStanzas(text: string): Generator<Map<string, string>> {
  for (const block of text.split(/\n[ \t]*\n+/)) {
    const stanza = new Map<string, string>();
    let field = '';
    for (const line of block.split('\n')) {
      if (/^[ \t]/.test(line) && field) stanza.set(field, `${stanza.get(field)}\n${line.trim()}`);
      else {
        const colon = line.indexOf(':');
        if (colon <= 0) continue;
        field = line.slice(0, colon).toLowerCase();
        stanza.set(field, line.slice(colon + 1).trim());
      }
    }
    if (stanza.size > 0) yield stanza;
  }
}

/** Names in a relation field (`Provides: a (= 1), b | c`), without versions, architectures and build profiles. */
export function relationNames(field: string | undefined): string[] {
  return (field ?? '')
    .split(/[,|]/)
    .map(part => part.replace(/[([<:].*$/s, '').trim())
    .filter(Boolean);
}
