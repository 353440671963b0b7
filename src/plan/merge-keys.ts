import {
  activeLines,
  type ConfigFile,
  type ConfigLine,
  type ConfigSection,
  findSection,
  formatConfigFile,
  parseConfigFile,
  settingName,
  settingsOf,
} from './config-file.ts';
import type { ConfigFormat } from './config-format.ts';
import { findKeyChanges, hasTwinSections, type KeyChange } from './key-changes.ts';
import type { ConfigConflict, ConfigTexts } from './merge-config.ts';
import { shownValue } from './shown-value.ts';

export interface KeyMerge {
  text: string;
  conflicts: ConfigConflict[];
  notes: string[];
}

/**
 * The new default with the owner's changes set in it, key by key: the active line is replaced, else the commented
 * default is switched on, else the line goes to the end of its section. The owner's value wins a conflict, which is named.
 * Undefined when the changes cannot be told or carried by key: then lines decide.
 */
export function mergeKeys(path: string, texts: ConfigTexts, format: ConfigFormat): KeyMerge | undefined {
  const [old, edited, fresh] = [texts.old, texts.edited, texts.fresh].map(text => parseConfigFile(path, text, format));
  const changes = hasTwinSections(fresh!) ? undefined : findKeyChanges(old!, edited!);
  if (!changes) return undefined;
  const merge: Merging = { fresh: fresh!, format, conflicts: [], notes: [] };
  for (const change of changes) if (!apply(change, merge)) return undefined;
  const text = formatConfigFile(merge.fresh);
  const expected = expectedSettings(parseConfigFile(path, texts.fresh, format), changes);
  if (!sameSettings(parseConfigFile(path, text, format), expected)) return undefined;
  return { text, conflicts: merge.conflicts, notes: [...merge.notes, ...droppedComments(old!, edited!, merge.fresh)] };
}

interface Merging {
  fresh: ConfigFile;
  format: ConfigFormat;
  conflicts: ConfigConflict[];
  notes: string[];
}

type SetChange = Extract<KeyChange, { kind: 'set' }>;
type UnsetChange = Extract<KeyChange, { kind: 'unset' }>;

function apply(change: KeyChange, merge: Merging): boolean {
  switch (change.kind) {
    case 'set':
      return applySet(change, merge);
    case 'unset':
      return applyUnset(change, merge);
    case 'add-section':
      return applyNewSection(change.section, merge);
    case 'remove-section':
      merge.fresh.sections = merge.fresh.sections.filter(section => section.name !== change.section.name);
      return true;
  }
}

function applySet(change: SetChange, merge: Merging): boolean {
  const section = sectionFor(change, merge);
  const active = activeLines(section).get(change.key) ?? [];
  if (active.length > 1) return false;
  const name = settingName(change.section, change.line.label);
  const now = active[0]?.value;
  if (now !== undefined && now !== change.was && now !== change.line.value && !isShown(change, now)) {
    merge.conflicts.push(conflict(name, change.line.value, now));
  }
  if (now === undefined && change.was !== undefined) merge.notes.push(`${name} is no longer in the new default; kept`);
  const target = active[0] ?? commentedDefault(section, change);
  const own = [...change.comments, change.line];
  if (target) section.lines.splice(section.lines.indexOf(target), 1, ...own);
  else section.lines.splice(endOf(section, merge.format), 0, ...own);
  return true;
}

/** The new default only writes down what the old one said in a comment. */
function isShown(change: SetChange, now: string): boolean {
  return change.was === undefined && change.shown.has(now);
}

function conflict(name: string, edited: string, fresh: string): ConfigConflict {
  return { where: name, edited: shownValue(name, edited), fresh: shownValue(name, fresh) };
}

function applyUnset(change: UnsetChange, merge: Merging): boolean {
  const section = findSection(merge.fresh, change.section);
  const active = activeLines(section).get(change.key) ?? [];
  if (active.length > 1) return false;
  const line = active[0];
  if (!section || !line) return true;
  const name = settingName(change.section, change.label);
  if (line.value !== change.was) merge.conflicts.push(conflict(name, '(switched off)', line.value));
  section.lines.splice(section.lines.indexOf(line), 1, {
    ...line,
    raw: merge.format.mark + line.raw,
    kind: 'commented',
  });
  return true;
}

/** A whole section of the owner's; where the new default has one of that name, key by key into it. */
function applyNewSection(section: ConfigSection, merge: Merging): boolean {
  if (!findSection(merge.fresh, section.name)) {
    merge.fresh.sections.push({ ...section, lines: [...section.lines] });
    return true;
  }
  const set = (line: ConfigLine) => ({
    was: undefined,
    comments: [],
    turned: new Set<string>(),
    shown: new Set<string>(),
    section: section.name,
    header: section.header,
    key: line.key,
    line,
  });
  return [...activeLines(section).values()].every(
    lines => lines.length === 1 && applySet({ kind: 'set', ...set(lines[0]!) }, merge),
  );
}

/** A section that the new default dropped comes back for the key that the owner set in it. */
function sectionFor({ section: name, header }: SetChange, merge: Merging): ConfigSection {
  const found = findSection(merge.fresh, name);
  if (found) return found;
  const section: ConfigSection = { name, header, lines: [] };
  merge.fresh.sections.push(section);
  return section;
}

function commentedDefault(section: ConfigSection, change: SetChange): ConfigLine | undefined {
  const candidates = section.lines.filter(line => line.kind === 'commented' && line.key === change.key);
  return candidates.find(line => change.turned.has(line.raw)) ?? candidates[0];
}

/** Behind the last line that is or could be a setting, so that a banner of the next section stays with it. */
function endOf(section: ConfigSection, format: ConfigFormat): number {
  const isContent = ({ kind }: ConfigLine): boolean => kind === 'active' || kind === 'opaque' || kind === 'commented';
  const last = section.lines.findLastIndex(format.section ? isContent : line => line.kind !== 'blank');
  return last + 1;
}

/** What must be in force after the merge: the check on everything above. */
function expectedSettings(fresh: ConfigFile, changes: readonly KeyChange[]): Map<string, string> {
  const settings = new Map(
    settingsOf(fresh).map(({ section, key, values }) => [`${section}\n${key}`, values.join('\n')]),
  );
  for (const change of changes) {
    if (change.kind === 'set') settings.set(`${change.section}\n${change.key}`, change.line.value);
    if (change.kind === 'unset') settings.delete(`${change.section}\n${change.key}`);
    if (change.kind === 'add-section') {
      for (const [key, lines] of activeLines(change.section)) {
        settings.set(`${change.section.name}\n${key}`, lines.map(line => line.value).join('\n'));
      }
    }
    if (change.kind === 'remove-section') {
      for (const name of [...settings.keys()]) if (name.startsWith(`${change.section.name}\n`)) settings.delete(name);
    }
  }
  return settings;
}

function sameSettings(file: ConfigFile, expected: ReadonlyMap<string, string>): boolean {
  const found = settingsOf(file);
  return (
    found.length === expected.size &&
    found.every(({ section, key, values }) => expected.get(`${section}\n${key}`) === values.join('\n'))
  );
}

/** The owner's comments that stand beside no changed key have no place in the new default. */
function droppedComments(old: ConfigFile, edited: ConfigFile, merged: ConfigFile): string[] {
  const comments = (file: ConfigFile) =>
    file.sections.flatMap(section => section.lines.filter(line => line.kind === 'comment'));
  const known = new Set([...comments(old), ...comments(merged)].map(line => line.raw.trim()));
  const dropped = comments(edited).filter(line => !known.has(line.raw.trim())).length;
  return dropped === 0
    ? []
    : [`${dropped} comment ${dropped === 1 ? 'line' : 'lines'} of the edited file not carried over`];
}
