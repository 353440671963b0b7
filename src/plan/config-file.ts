import { type ConfigFormat, comparableKey, comparableValue } from './config-format.ts';

export interface ConfigLine {
  raw: string;
  kind: 'blank' | 'comment' | 'commented' | 'active' | 'opaque';
  /** Of active lines and commented defaults: as comparableKey and comparableValue give them. */
  key: string;
  value: string;
  /** The key as it is written, for reports. */
  label: string;
}

export interface ConfigSection {
  /** '' for what stands before the first header. */
  name: string;
  header: string | undefined;
  lines: ConfigLine[];
}

/** A configuration file of key and value lines, in its own order. */
export interface ConfigFile {
  sections: ConfigSection[];
}

/** Splits a text that `format` supports into sections and lines. Nothing is lost: formatConfigFile gives the text back. */
export function parseConfigFile(path: string, text: string, format: ConfigFormat): ConfigFile {
  const sections: ConfigSection[] = [{ name: '', header: undefined, lines: [] }];
  for (const raw of text.replace(/\n$/, '').split('\n')) {
    const name = format.comment.test(raw) ? undefined : format.section?.exec(raw)?.[1];
    if (name === undefined) sections.at(-1)!.lines.push(readLine(path, raw, format));
    else sections.push({ name: sectionName(path, name.trim()), header: raw, lines: [] });
  }
  return { sections };
}

/** The text again, with one newline at its end. */
export function formatConfigFile(file: ConfigFile): string {
  const lines = file.sections.flatMap(({ header, lines }) => [
    ...(header === undefined ? [] : [header]),
    ...lines.map(line => line.raw),
  ]);
  return `${lines.join('\n')}\n`;
}

/** Active lines of a section by key, in order; a key that stands twice has two. */
export function activeLines(section: ConfigSection | undefined): Map<string, ConfigLine[]> {
  const keys = new Map<string, ConfigLine[]>();
  for (const line of section?.lines ?? []) {
    if (line.kind === 'active') keys.set(line.key, [...(keys.get(line.key) ?? []), line]);
  }
  return keys;
}

export interface Setting {
  section: string;
  key: string;
  label: string;
  values: string[];
}

/** Every setting with all its values, in the order of the file. */
export function settingsOf(file: ConfigFile): Setting[] {
  return file.sections.flatMap(section =>
    [...activeLines(section)].map(([key, lines]) => ({
      section: section.name,
      key,
      label: lines[0]!.label,
      values: lines.map(line => line.value),
    })),
  );
}

export function findSection(file: ConfigFile, name: string): ConfigSection | undefined {
  return file.sections.find(section => section.name === name);
}

/** `[section] key`, or the key alone where there are no sections. */
export function settingName(section: string, key: string): string {
  return section === '' ? key : `[${section}] ${key}`;
}

/** Only Samba ignores case here; a `Match User Bob` is not bob's. */
function sectionName(path: string, name: string): string {
  return /(^|\/)smb\.conf$/.test(path) ? comparableKey(path, name) : name;
}

function readLine(path: string, raw: string, format: ConfigFormat): ConfigLine {
  const text = raw.replace(/\r$/, '');
  const isComment = format.comment.test(text);
  const match = (isComment ? format.commented : format.active).exec(text);
  if (text.trim() === '') return { raw, kind: 'blank', key: '', value: '', label: '' };
  if (!match) return { raw, kind: isComment ? 'comment' : 'opaque', key: '', value: '', label: '' };
  const label = match[1]!.trim();
  const value = comparableValue(path, match[2] ?? '');
  return { raw, kind: isComment ? 'commented' : 'active', key: comparableKey(path, label), value, label };
}
