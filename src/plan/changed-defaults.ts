import { parseConfigFile, type Setting, settingName, settingsOf } from './config-file.ts';
import { type ConfigFormat, findConfigFormat } from './config-format.ts';
import { settingsOnly } from './merge-lines.ts';
import { shownValue } from './shown-value.ts';

/**
 * What the distribution changed in a default between two releases, one line each (`key: old -> new`), comments left out. It
 * matters wherever the edited file is kept: an old default can reopen a hole that the new one closed.
 */
export function listChangedDefaults(path: string, old: string, fresh: string): string[] {
  const format = findConfigFormat(path, [old, fresh]);
  return format ? byKey(path, old, fresh, format) : byLine(old, fresh);
}

function byKey(path: string, old: string, fresh: string, format: ConfigFormat): string[] {
  const read = (text: string): Map<string, Setting> => {
    const settings = settingsOf(parseConfigFile(path, text, format));
    return new Map(settings.map(setting => [`${setting.section}\n${setting.key}`, setting]));
  };
  const [before, after] = [read(old), read(fresh)];
  const show = (setting: Setting | undefined, name: string): string =>
    setting ? shownValue(name, setting.values.join(', ')) || '(empty)' : '(not set)';
  return [...new Map([...before, ...after])].flatMap(([id, { section, label }]) => {
    const [was, now] = [before.get(id), after.get(id)];
    if (was && now && was.values.join('\n') === now.values.join('\n')) return [];
    const name = settingName(section, label);
    return [`${name}: ${show(was, name)} -> ${show(now, name)}`];
  });
}

function byLine(old: string, fresh: string): string[] {
  const read = (text: string): string[] => settingsOnly(text.split('\n')).map(line => line.trim().replace(/\s+/g, ' '));
  const [before, after] = [read(old), read(fresh)];
  const [had, has] = [new Set(before), new Set(after)];
  return [
    ...before.filter(line => !has.has(line)).map(line => `gone: ${shownValue(line, line)}`),
    ...after.filter(line => !had.has(line)).map(line => `new: ${shownValue(line, line)}`),
  ];
}
