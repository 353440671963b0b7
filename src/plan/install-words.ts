import type { DockerfileText, DockerInstruction, Span } from './dockerfile-text.ts';
import { type ShellToken, scanShell, unquote } from './shell-words.ts';

/** A word of a package manager's command. */
export interface PackageWord extends Span {
  /** Without quotes; `start` and `end` are inside the quotes. */
  text: string;
  /**
   * What to cut out when the word goes: from the end of the word before. So a continuation never dangles, whichever words of a
   * list go.
   */
  cut: Span;
}

export interface PackageCommand {
  /** `install`, `purge`, `hold` ... */
  verb: string;
  /** Words that name packages. */
  words: PackageWord[];
  /** Target release options (`-t bullseye-backports`): `text` is the release, `cut` holds the option too. */
  releases: PackageWord[];
  /** The exec form: each word has quotes of its own. */
  json: boolean;
}

const PROGRAM = /(?:^|\/)(?:apt-get|apt|aptitude|apt-mark)$/;
const VERBS = new Set(['install', 'reinstall', 'remove', 'purge', 'autoremove', 'hold', 'unhold', 'manual', 'auto']);
const RELEASE = new Set(['-t', '--target-release', '--default-release']);
const WITH_VALUE = new Set([...RELEASE, '-o', '--option', '-c', '--config-file', '-a', '--host-architecture']);

/** The commands of a RUN instruction (shell form, exec form, here-documents, `sh -c "..."`) that name Debian packages. */
export function findPackageCommands(docker: DockerfileText, instruction: DockerInstruction): PackageCommand[] {
  if (instruction.keyword !== 'RUN') return [];
  return runParts(docker, instruction).flatMap(part => commandsIn(docker, part));
}

/** Assignments of shell variables (`deps="gcc make"`) in a RUN instruction, their values without quotes. */
export function findAssignments(docker: DockerfileText, instruction: DockerInstruction): Map<string, Span> {
  const found = new Map<string, Span>();
  for (const part of runParts(docker, instruction)) {
    for (const { kind, text, start } of scan(docker, part)) {
      const match = kind === 'word' ? /^(\w+)=(["']?)(.*)\2$/s.exec(text) : null;
      if (!match) continue;
      const from = start + match[1]!.length + 1 + match[2]!.length;
      found.set(match[1]!, { start: from, end: from + match[3]!.length });
    }
  }
  return found;
}

interface RunPart extends Span {
  form: 'shell' | 'json' | 'heredoc';
}

function runParts({ text }: DockerfileText, { body }: DockerInstruction): RunPart[] {
  const content = text.slice(body.start, body.end);
  if (/^\s*\[\s*"/.test(content)) return [{ ...body, form: 'json' }];
  const heredoc = /^[^\n]*<<-?\s*["']?\w+["']?[^\n]*\n/.exec(content);
  if (!heredoc) return [{ ...body, form: 'shell' }];
  const cut = body.start + heredoc[0].length;
  return [
    { start: body.start, end: cut - 1, form: 'shell' },
    { start: cut, end: body.end, form: 'heredoc' },
  ];
}

function scan(docker: DockerfileText, part: RunPart): ShellToken[] {
  const heredoc = part.form === 'heredoc';
  const mark = heredoc ? '\\' : docker.escape;
  return scanShell(docker.text, part, { escape: mark, lines: heredoc, json: part.form === 'json' });
}

function commandsIn(docker: DockerfileText, part: RunPart): PackageCommand[] {
  const tokens = scan(docker, part);
  const nested = tokens
    .filter(token => token.kind === 'word' && /^["'].*\bapt\b.*["']$/s.test(token.text) && /\s/.test(token.text))
    .flatMap(token => commandsIn(docker, { ...spanOf(unquote(token)), form: 'shell' }));
  return [...splitCommands(tokens).flatMap(words => toCommand(words, part.form === 'json') ?? []), ...nested];
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}

function splitCommands(tokens: ShellToken[]): ShellToken[][] {
  const commands: ShellToken[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'separator') commands.push([]);
    else commands.at(-1)!.push(token);
  }
  return commands;
}

function toCommand(tokens: ShellToken[], json: boolean): PackageCommand | undefined {
  const words = toWords(tokens);
  const program = words.findIndex(({ text }) => PROGRAM.test(text));
  const verb = words.findIndex(({ text }, at) => program >= 0 && at > program && VERBS.has(text));
  if (verb < 0) return undefined;
  const command: PackageCommand = { verb: words[verb]!.text, words: [], releases: [], json };
  for (let at = program + 1; at < words.length; at++) {
    const word = words[at]!;
    if (at === verb) continue;
    if (word.text.startsWith('-')) {
      const value = WITH_VALUE.has(word.text) ? words[++at] : undefined;
      command.releases.push(...releaseOption(word, value));
    } else if (at > verb) command.words.push(word);
  }
  return command;
}

/** Words with their places; of the first one only the word itself can be cut. */
export function toWords(tokens: ShellToken[]): PackageWord[] {
  return tokens.map((token, at) => ({
    ...unquote(token),
    cut: { start: tokens[at - 1]?.end ?? token.start, end: token.end },
  }));
}

function releaseOption(option: PackageWord, value: PackageWord | undefined): PackageWord[] {
  const joined = /^(?:-t|--target-release=|--default-release=)(.+)$/.exec(option.text)?.[1];
  const release = value ? (RELEASE.has(option.text) ? value.text : undefined) : joined;
  if (release === undefined) return [];
  return [{ ...option, text: release, cut: { start: option.cut.start, end: (value ?? option).cut.end } }];
}
