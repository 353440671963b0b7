import { decodeBytes, encodeBytes } from '../system/byte-text.ts';
import { listChangedDefaults } from './changed-defaults.ts';
import { parseConfigFile, settingsOf } from './config-file.ts';
import { type ConfigFormat, findConfigFormat } from './config-format.ts';
import { mergeKeys } from './merge-keys.ts';
import { mergeLines, settingsOnly } from './merge-lines.ts';
import { rewriteText, type Substitution } from './path-substitution.ts';

export interface ConfigConflict {
  /** The key (`[section] key`), directive, or `line N` of the edited file. */
  where: string;
  /** Values as they may be shown: secrets hidden. */
  edited: string;
  fresh: string;
}

export interface ConfigTexts {
  old: string;
  edited: string;
  fresh: string;
}

export interface ConfigMergeInput {
  /** Absolute path on the new system: tells the format. */
  path: string;
  /** The old package's (or image's) version, before the owner's edits. */
  pristineOld?: Buffer | undefined;
  edited: Buffer;
  /** The new package's version; absent when it ships the file no more. */
  pristineNew?: Buffer | undefined;
  /** Version numbers in names and paths that moved: written into the two old texts before they are compared. */
  substitutions?: Substitution[] | undefined;
}

export interface ConfigMerge {
  outcome: 'edited-kept' | 'new-default' | 'merged' | 'conflict';
  /** same-default: nothing to merge; whole: one side as it is; else by what was merged. */
  how: 'same-default' | 'keys' | 'lines' | 'whole';
  /** What belongs at `path`, whatever the outcome. */
  content: Buffer;
  /** The other version, to be written next to it. */
  beside?: { suffix: string; content: Buffer };
  conflicts: ConfigConflict[];
  notes: string[];
  /** The distribution changed the default (comments apart). */
  defaultChanged: boolean;
  /** What changed in the default; at most 20 lines. */
  changedDefaults: string[];
}

/** dpkg's own name for the version that it did not install (dpkg(1), --force-confold). */
const BESIDE = '.dpkg-dist';
/** Larger texts are not merged: the search for common lines is quadratic in the worst case. */
const LARGEST_TEXT = 4 * 1024 * 1024;
const MOST_LINES = 20_000;
const MOST_CHANGED_DEFAULTS = 20;
/** Below this part of the old default's settings an edited file is a file of the owner's own. */
const REWRITTEN = 0.25;

/**
 * Brings an edited configuration file to a new release: three ways between the old default, the edited file and the
 * new default. Unedited: the new default. By key where the format is surely known, else by lines. A conflict by
 * key keeps the owner's value, a conflict by lines the whole edited file; the new default goes beside it, and the report names both.
 * Never throws: what cannot be merged is kept as edited.
 */
export function mergeConfig(input: ConfigMergeInput): ConfigMerge {
  const { pristineOld, edited, pristineNew } = input;
  if (pristineOld?.equals(edited) && pristineNew) return newDefault(input, pristineOld, pristineNew);
  if (![pristineOld, edited, pristineNew].every(isText)) return keepBinary(input);
  const { texts, notes } = rewritten(input);
  const kept = (how: ConfigMerge['how'], fresh?: Buffer): ConfigMerge => ({
    outcome: 'edited-kept',
    how,
    content: encodeBytes(texts.edited),
    ...(fresh && !fresh.equals(encodeBytes(texts.edited)) ? { beside: { suffix: BESIDE, content: fresh } } : {}),
    conflicts: [],
    notes,
    ...defaults(input.path, texts.old, texts.fresh),
  });
  if (!pristineNew) return kept('whole');
  if (!pristineOld) return kept('whole', pristineNew);
  if (texts.old === texts.fresh) return kept('same-default');
  if (texts.edited === texts.fresh) return kept('whole');
  return mergeTexts(input.path, texts as ConfigTexts, kept);
}

type Kept = (how: ConfigMerge['how'], fresh?: Buffer) => ConfigMerge;

function mergeTexts(path: string, texts: ConfigTexts, kept: Kept): ConfigMerge {
  const fresh = encodeBytes(texts.fresh);
  const format = findConfigFormat(path, [texts.old, texts.edited, texts.fresh]);
  const whole = kept('whole', fresh);
  if (isTooLarge(texts)) return { ...whole, notes: [...whole.notes, 'too large to be merged'] };
  if (isRewritten(path, texts, format)) {
    return {
      ...whole,
      notes: [...whole.notes, 'the owner wrote this file anew: next to nothing of the old default is left in it'],
    };
  }
  const byKey = format && mergeKeys(path, texts, format);
  const { text, conflicts, notes } = byKey ?? mergeLines(texts);
  const failed = conflicts.length > 0;
  const { beside, ...rest } = whole;
  return {
    ...rest,
    ...(failed && beside ? { beside } : {}),
    outcome: failed ? 'conflict' : 'merged',
    how: byKey ? 'keys' : 'lines',
    content: byKey || !failed ? encodeBytes(text) : whole.content,
    conflicts,
    notes: [...whole.notes, ...notes],
  };
}

function newDefault(input: ConfigMergeInput, old: Buffer, fresh: Buffer): ConfigMerge {
  const text = isText(old) && isText(fresh);
  const changes = text
    ? defaults(input.path, decodeBytes(old), decodeBytes(fresh))
    : { defaultChanged: !old.equals(fresh), changedDefaults: [] };
  const how = old.equals(fresh) ? 'same-default' : 'whole';
  return { outcome: 'new-default', how, content: fresh, conflicts: [], notes: [], ...changes };
}

function keepBinary({ pristineOld, edited, pristineNew }: ConfigMergeInput): ConfigMerge {
  const isSame = pristineNew === undefined || pristineNew.equals(edited);
  return {
    outcome: 'edited-kept',
    how: pristineOld && pristineNew?.equals(pristineOld) ? 'same-default' : 'whole',
    content: edited,
    ...(isSame || pristineOld?.equals(pristineNew) ? {} : { beside: { suffix: BESIDE, content: pristineNew } }),
    conflicts: [],
    notes: ['not a text: kept as it was'],
    defaultChanged: pristineOld !== undefined && pristineNew !== undefined && !pristineOld.equals(pristineNew),
    changedDefaults: [],
  };
}

/** The old texts as they read with the names and paths of the new system. */
function rewritten({ pristineOld, edited, pristineNew, substitutions = [] }: ConfigMergeInput) {
  const old = pristineOld && rewriteText(decodeBytes(pristineOld), substitutions).text;
  const { text, hits } = rewriteText(decodeBytes(edited), substitutions);
  const lines = hits.map(hit => hit.line).join(', ');
  const notes = hits.length === 0 ? [] : [`names and paths of the new release written into line ${lines}`];
  return { texts: { old, edited: text, fresh: pristineNew && decodeBytes(pristineNew) }, notes };
}

function defaults(path: string, old: string | undefined, fresh: string | undefined) {
  if (old === undefined || fresh === undefined || old === fresh) return { defaultChanged: false, changedDefaults: [] };
  const changed = listChangedDefaults(path, old, fresh);
  const rest = changed.length - MOST_CHANGED_DEFAULTS;
  const shown = changed.slice(0, MOST_CHANGED_DEFAULTS);
  return { defaultChanged: changed.length > 0, changedDefaults: rest > 0 ? [...shown, `and ${rest} more`] : shown };
}

function isText(bytes: Buffer | undefined): boolean {
  return bytes === undefined || !bytes.includes(0);
}

function isTooLarge({ old, edited, fresh }: ConfigTexts): boolean {
  return [old, edited, fresh].some(text => text.length > LARGEST_TEXT || text.split('\n').length > MOST_LINES);
}

/** Whether the owner put another file in place of the default, instead of editing it: then there is nothing to merge. */
function isRewritten(path: string, { old, edited }: ConfigTexts, format: ConfigFormat | undefined): boolean {
  const read = (text: string): string[] => {
    const keys = format ? settingsOf(parseConfigFile(path, text, format)) : [];
    return keys.length > 0 ? keys.map(({ section, key }) => `${section}\n${key}`) : settingsOnly(text.split('\n'));
  };
  const [before, after] = [read(old), new Set(read(edited))];
  return before.length >= 4 && before.filter(each => after.has(each)).length < before.length * REWRITTEN;
}
