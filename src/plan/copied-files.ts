import { posix } from 'node:path';
import { compileGlobs } from '../classify/rule.ts';
import type { DockerfileText, DockerInstruction } from './dockerfile-text.ts';

/** What a build does with a file of its context, where it follows today's names. */
export type CopiedUse = 'configuration' | 'program';

const RUNS = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK']);

/**
 * Files of a build context whose text names what the packages make: what a COPY or ADD puts below /etc, and what the Dockerfile or the
 * service's start runs by name. Everything else is an application's own, and stays.
 * @param files of the context, relative
 * @param start further commands that run programs of the context
 */
export function copiedFiles(
  docker: DockerfileText,
  files: readonly string[],
  start: readonly string[] = [],
): Map<string, CopiedUse> {
  const named = new Set(
    [...commandsOf(docker), ...start]
      .flatMap(text => text.match(/[\w.+@/-]+/g) ?? [])
      .map(word => posix.basename(word)),
  );
  const found = new Map<string, CopiedUse>();
  for (const { file, target } of targetsOf(docker, files)) {
    if (target.startsWith('/etc/')) found.set(file, 'configuration');
    else if (named.has(posix.basename(target)) && !found.has(file)) found.set(file, 'program');
  }
  return found;
}

function commandsOf({ text, instructions }: DockerfileText): string[] {
  return instructions.filter(each => RUNS.has(each.keyword)).map(({ body }) => text.slice(body.start, body.end));
}

/** Where each file of the context goes; a file may go to several places, and what a variable tells is left out. */
function targetsOf(docker: DockerfileText, files: readonly string[]): { file: string; target: string }[] {
  let folder = '/';
  return docker.instructions.flatMap(instruction => {
    if (instruction.keyword === 'FROM') folder = '/';
    const words = wordsOf(docker, instruction);
    if (instruction.keyword === 'WORKDIR') folder = posix.resolve(folder, words[0] ?? '.');
    if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return [];
    const flags = docker.text.slice(instruction.start, instruction.body.start);
    const last = words.at(-1);
    if (/--from\b/.test(flags) || last === undefined || `${folder}${last}`.includes('$')) return [];
    const into = words.length > 2 || /(?:^|\/)\.?$/.test(last);
    return words.slice(0, -1).flatMap(source => copied(source, posix.resolve(folder, last), into, files));
  });
}

/** A folder's content goes into the target, a file becomes it, or goes into it. */
function copied(source: string, target: string, into: boolean, files: readonly string[]) {
  const glob = posix.normalize(source).replace(/^\/+|\/+$/g, '');
  const parts = glob === '' || glob === '.' ? [] : glob.split('/');
  const matches = compileGlobs([glob]);
  return files.flatMap(file => {
    const path = file.split('/');
    if (parts.length > 0 && !matches(path.slice(0, parts.length).join('/'))) return [];
    const below = path.slice(parts.length);
    if (below.length > 0) return [{ file, target: posix.join(target, ...below) }];
    return [{ file, target: into || glob.includes('*') ? posix.join(target, path.at(-1)!) : target }];
  });
}

function wordsOf({ text }: DockerfileText, { body, arguments: words }: DockerInstruction): string[] {
  const content = text.slice(body.start, body.end);
  if (/^\s*\[\s*"/.test(content)) return [...content.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(match => match[1]!);
  return content.includes('<<') ? [] : words.map(each => each.text);
}
