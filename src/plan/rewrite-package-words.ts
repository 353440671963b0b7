import { expandVariables } from './dockerfile-stages.ts';
import type { DockerfileText, DockerInstruction } from './dockerfile-text.ts';
import {
  findAssignments,
  findPackageCommands,
  type PackageCommand,
  type PackageWord,
  toWords,
} from './install-words.ts';
import type { Resolution } from './resolve-packages.ts';
import { scanShell } from './shell-words.ts';
import type { TextEdit } from './text-edits.ts';
import { findVersionChange } from './version-token.ts';

/** `name[:arch][=version][/release][+-]`, as apt-get(8) takes it. */
const WORD = /^([a-z0-9][a-z0-9+.-]*)(:[a-z0-9-]+)?(=[^/]+)?(\/.+)?$/;

/** Finds the edits that make every apt command of a Dockerfile name packages of the new base. */
export class PackageWordRewriter {
  private readonly docker: DockerfileText;
  private readonly resolutions: Map<string, Resolution>;
  private readonly buildArgs: Record<string, string>;
  private readonly newArgs: Record<string, string>;
  private readonly codename: string | undefined;

  constructor(
    docker: DockerfileText,
    resolutions: Resolution[],
    buildArgs: Record<string, string>,
    codenames?: { old: string },
  ) {
    this.docker = docker;
    this.resolutions = new Map(resolutions.map(resolution => [resolution.old, resolution]));
    this.buildArgs = buildArgs;
    this.newArgs = { ...buildArgs };
    this.codename = codenames?.old;
  }

  edits(): TextEdit[] {
    return this.docker.instructions.flatMap(instruction =>
      findPackageCommands(this.docker, instruction).flatMap(command => [
        ...command.releases.flatMap(release => this.releaseEdit(release)),
        ...command.words.flatMap(word => this.wordEdits(word, command, instruction)),
      ]),
    );
  }

  /** Every package name, each once, in the order of the file. */
  names(): string[] {
    const words = this.docker.instructions.flatMap(instruction =>
      findPackageCommands(this.docker, instruction).flatMap(({ words }) =>
        words.flatMap(word => this.listOf(word, instruction) ?? [this.expanded(word, instruction)]),
      ),
    );
    return [...new Set(words.flatMap(({ text }) => nameOf(text) ?? []))];
  }

  /** Build arguments with the version numbers that moved; call it after edits(). */
  newBuildArgs(): Record<string, string> {
    return this.newArgs;
  }

  private wordEdits(word: PackageWord, command: PackageCommand, instruction: DockerInstruction): TextEdit[] {
    const list = this.listOf(word, instruction);
    if (list) return list.flatMap(inner => this.literalEdits(inner, inner.text, command));
    const { text } = this.expanded(word, instruction);
    return text === word.text
      ? this.literalEdits(word, text, command)
      : this.templateEdits(word, text, command, instruction);
  }

  /** A word without variables. */
  private literalEdits(word: PackageWord, text: string, command: PackageCommand): TextEdit[] {
    const target = this.target(text);
    if (!target) return [];
    if (target.text === '') return [{ ...word.cut, text: '', why: target.why }];
    if (target.text === text) return [];
    const written = command.json ? target.text.split(' ').join('", "') : target.text;
    return [{ start: word.start, end: word.end, text: written, why: target.why }];
  }

  /** `php${V}-fpm`: the number is changed where it is defined, when that gives the new name; else the word is. */
  private templateEdits(
    word: PackageWord,
    text: string,
    command: PackageCommand,
    instruction: DockerInstruction,
  ): TextEdit[] {
    const target = this.target(text);
    const change = target && findVersionChange(nameOf(text, this.resolutions) ?? text, target.text);
    const definition = change && this.definitionOf(word.text, change.old, instruction);
    if (!target || !change || !definition) return this.literalEdits(word, text, command);
    if (this.newArgs[definition.name] === change.old) this.newArgs[definition.name] = change.new;
    const why = `${definition.name}: ${target.why}`;
    const bare = word.text.replace(/[=/].*$/s, '');
    const edits = bare === word.text ? [] : [{ start: word.start, end: word.end, text: bare, why: target.why }];
    if (!definition.span || definition.value !== change.old) return edits;
    return [{ ...definition.span, text: change.new, why }, ...edits];
  }

  private releaseEdit(release: PackageWord): TextEdit[] {
    if (!this.codename || !release.text.startsWith(this.codename)) return [];
    const why = `the new base has no release ${release.text}`;
    return [{ ...release.cut, text: '', why }];
  }

  /** What to write for a word; undefined when nothing is known of it, '' when it goes. */
  private target(text: string): { text: string; why: string } | undefined {
    const name = nameOf(text, this.resolutions);
    const resolution = name === undefined ? undefined : this.resolutions.get(name);
    if (!resolution) return undefined;
    if (!resolution.new) return { text: '', why: `${resolution.old} dropped: ${resolution.why}` };
    const [, , architecture = '', version = '', release = ''] = WORD.exec(text) ?? [];
    const mark = !WORD.exec(text)?.[1] || nameOf(text) === name ? '' : text.slice(-1);
    const written = [resolution.new, ...(resolution.also ?? [])].map(one => `${one}${architecture}${mark}`).join(' ');
    const pin = version || release ? [`${version}${release} is a version of the old release`] : [];
    const renamed =
      resolution.new === resolution.old ? [] : [`${resolution.old} is ${resolution.new} (${resolution.why})`];
    return { text: written, why: [...renamed, ...pin].join('; ') };
  }

  /** `$deps` alone: the words of the variable's definition. */
  private listOf(word: PackageWord, instruction: DockerInstruction): PackageWord[] | undefined {
    const name = /^\$\{?(\w+)\}?$/.exec(word.text)?.[1];
    if (!name) return undefined;
    const span = findAssignments(this.docker, instruction).get(name) ?? this.variable(name, instruction)?.span;
    if (!span) return undefined;
    return toWords(scanShell(this.docker.text, span, { escape: this.docker.escape, lines: false, json: false }));
  }

  private expanded(word: PackageWord, instruction: DockerInstruction): PackageWord {
    if (!word.text.includes('$')) return word;
    const values = new Map<string, string>();
    for (const [, name] of word.text.matchAll(/\$\{?(\w+)/g)) {
      const variable = this.variable(name!, instruction);
      const value = this.buildArgs[name!] ?? variable?.value;
      if (value !== undefined) values.set(name!, value);
    }
    return { ...word, text: expandVariables(word.text, values) };
  }

  private definitionOf(template: string, value: string, instruction: DockerInstruction) {
    return [...template.matchAll(/\$\{?(\w+)/g)]
      .map(([, name]) => this.variable(name!, instruction))
      .find(variable => variable && (this.buildArgs[variable.name] ?? variable.value) === value);
  }

  /** The last definition with a value before the instruction. */
  private variable(name: string, instruction: DockerInstruction) {
    return this.docker.variables.findLast(
      variable => variable.name === name && variable.span && variable.span.start < instruction.start,
    );
  }
}

/** A trailing `-` or `+` is apt's remove or install mark unless the name itself ends so (`g++`). */
function nameOf(text: string, known?: ReadonlyMap<string, unknown>): string | undefined {
  const name = WORD.exec(text)?.[1];
  if (name === undefined) return undefined;
  return known && !known.has(name) && /[+-]$/.test(name) ? name.slice(0, -1) : name;
}
