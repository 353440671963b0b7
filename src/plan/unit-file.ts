import { PerennialError } from '../errors.ts';

/** Settings of one section of a unit file, in order; an empty assignment has cleared what came before it. */
export type UnitSection = ReadonlyMap<string, string[]>;

/**
 * Parses a unit file of systemd (systemd.syntax(7)): sections, comments, lines continued by a backslash, lists that
 * an empty assignment clears.
 * @param texts the unit and its drop-ins, in the order in which they count
 * @throws PerennialError `bad-input` for a line that is none of these
 */
export function parseUnitFile(name: string, ...texts: string[]): Map<string, UnitSection> {
  const sections = new Map<string, Map<string, string[]>>();
  for (const text of texts) {
    let section = new Map<string, string[]>();
    for (const line of joined(text)) {
      const header = /^\[([^\]]+)\]$/.exec(line)?.[1];
      if (header !== undefined) {
        section = sections.get(header) ?? new Map();
        sections.set(header, section);
        continue;
      }
      const at = line.indexOf('=');
      if (at <= 0) throw new PerennialError('bad-input', `${name}: "${line}" is neither a section nor a setting`);
      const [key, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
      section.set(key, value === '' ? [] : [...(section.get(key) ?? []), value]);
    }
  }
  return sections;
}

/** Lines without comments; comments may stand between continued lines. */
function joined(text: string): string[] {
  const lines: string[] = [];
  let open = '';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (/^[#;]/.test(line)) continue;
    if (line.endsWith('\\')) open += `${line.slice(0, -1)} `;
    else {
      if ((open + line).trim() !== '') lines.push((open + line).trim());
      open = '';
    }
  }
  return open.trim() === '' ? lines : [...lines, open.trim()];
}

/** The last value of a setting that takes one. */
export function findSetting(section: UnitSection | undefined, key: string): string | undefined {
  return section?.get(key)?.at(-1);
}
