import { activeLines, type ConfigFile, type ConfigLine, type ConfigSection, findSection } from './config-file.ts';

/** One thing that the owner did to a configuration file. */
export type KeyChange =
  | {
      kind: 'set';
      section: string;
      /** The section's first line as the owner wrote it. */
      header: string | undefined;
      key: string;
      line: ConfigLine;
      /** Value before; undefined when the key was not active. */
      was: string | undefined;
      /** The owner's own comment lines right above. */
      comments: ConfigLine[];
      /** Commented defaults of this key that the owner turned into the line. */
      turned: Set<string>;
      /** Values that the old default showed in comments: what was in force without being written. */
      shown: Set<string>;
    }
  | { kind: 'unset'; section: string; key: string; label: string; was: string }
  | { kind: 'add-section'; section: ConfigSection }
  | { kind: 'remove-section'; section: ConfigSection };

/**
 * What the owner changed between two versions of a file, or undefined when that cannot be said by key: a key that
 * stands several times was changed, a section stands twice, or a line of no known kind came or went.
 */
export function findKeyChanges(old: ConfigFile, edited: ConfigFile): KeyChange[] | undefined {
  if ([old, edited].some(hasTwinSections) || opaqueLines(old) !== opaqueLines(edited)) return undefined;
  const changes: KeyChange[] = [];
  for (const section of edited.sections) {
    const before = findSection(old, section.name);
    const inside = before ? sectionChanges(before, section) : [{ kind: 'add-section' as const, section }];
    if (!inside) return undefined;
    changes.push(...inside);
  }
  const removed = old.sections.filter(section => !findSection(edited, section.name));
  return [...changes, ...removed.map(section => ({ kind: 'remove-section' as const, section }))];
}

/** Whether a section name stands twice: then its keys cannot be told apart. */
export function hasTwinSections(file: ConfigFile): boolean {
  return new Set(file.sections.map(section => section.name)).size < file.sections.length;
}

function opaqueLines(file: ConfigFile): string {
  const lines = file.sections.flatMap(section => section.lines.filter(line => line.kind === 'opaque'));
  return lines.map(line => line.raw.trim()).join('\n');
}

function sectionChanges(old: ConfigSection, edited: ConfigSection): KeyChange[] | undefined {
  const [before, after] = [activeLines(old), activeLines(edited)];
  const changes: KeyChange[] = [];
  for (const key of new Set([...after.keys(), ...before.keys()])) {
    const [was, now] = [before.get(key) ?? [], after.get(key) ?? []];
    if (was.length === now.length && values(was) === values(now)) continue;
    if (was.length > 1 || now.length > 1) return undefined;
    if (now[0]) changes.push(setting(old, edited, now[0], was[0]?.value));
    else changes.push({ kind: 'unset', section: edited.name, key, label: was[0]!.label, was: was[0]!.value });
  }
  return changes;
}

function values(lines: readonly ConfigLine[]): string {
  return lines.map(line => line.value).join('\n');
}

function setting(old: ConfigSection, edited: ConfigSection, line: ConfigLine, was: string | undefined): KeyChange {
  const left = new Set(edited.lines.map(each => each.raw));
  const gone = old.lines.filter(each => each.kind === 'commented' && each.key === line.key && !left.has(each.raw));
  const turned = new Set(gone.map(each => each.raw));
  const commented = old.lines.filter(each => each.kind === 'commented' && each.key === line.key);
  const shown = new Set(commented.map(each => each.value));
  return {
    kind: 'set',
    section: edited.name,
    header: edited.header,
    key: line.key,
    line,
    was,
    comments: ownComments(old, edited, line),
    turned,
    shown,
  };
}

function ownComments(old: ConfigSection, edited: ConfigSection, line: ConfigLine): ConfigLine[] {
  const known = new Set(old.lines.map(each => each.raw));
  const above = edited.lines.slice(0, edited.lines.indexOf(line));
  const last = above.findLastIndex(each => each.kind !== 'comment' || known.has(each.raw));
  return above.slice(last + 1);
}
