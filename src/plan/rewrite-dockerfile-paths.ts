import type { DockerfileText, DockerInstruction, Span } from './dockerfile-text.ts';
import { findSubstitutions, type Substitution } from './path-substitution.ts';
import type { TextEdit } from './text-edits.ts';
import { findVersionWords, type PackageOf } from './version-words.ts';

const WITH_PATHS = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'ENV', 'ARG', 'HEALTHCHECK', 'VOLUME', 'WORKDIR', 'SHELL']);

/**
 * Versioned names and paths in everything that runs or is set. Of COPY and ADD only the destination: the sources are files
 * of the build context, which keep their names.
 */
export function rewritePaths(
  docker: DockerfileText,
  substitutions: Substitution[],
  replacements: { from: string; to: string }[],
): TextEdit[] {
  return spansWithPaths(docker).flatMap(({ start, end }) => {
    const text = docker.text.slice(start, end);
    const versions = findSubstitutions(text, substitutions).map(hit => ({
      hit,
      why: `${text.slice(hit.start, hit.end)} is ${hit.text} on the new base`,
    }));
    const words = replacements.flatMap(({ from, to }) =>
      findWord(text, from).map(at => ({
        hit: { start: at, end: at + from.length, text: to },
        why: `${from} is ${to} now`,
      })),
    );
    return [...words, ...versions].map(({ hit, why }) => ({
      start: start + hit.start,
      end: start + hit.end,
      text: hit.text,
      why,
    }));
  });
}

const COMMANDS = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK']);

/** Version numbers that are words of their own in what the image runs: `RUN pg_ctlcluster 13 main start`. */
export function rewriteVersions(
  docker: DockerfileText,
  substitutions: Substitution[],
  packageOf: PackageOf,
): TextEdit[] {
  return docker.instructions
    .filter(instruction => COMMANDS.has(instruction.keyword))
    .flatMap(({ body }) => {
      const before: string[] = [];
      return commandTexts(docker, body).flatMap(({ start, text }) =>
        findVersionWords(text, substitutions, packageOf, before).map(hit => ({
          start: start + hit.start,
          end: start + hit.end,
          text: hit.text,
          why: `${text.slice(hit.start, hit.end)} is ${hit.text} on the new base`,
        })),
      );
    });
}

/** The text of a command, or of the exec form each of its words; offsets stay where continuations and comments are blanked. */
function commandTexts(docker: DockerfileText, { start, end }: Span): { start: number; text: string }[] {
  const body = docker.text.slice(start, end);
  if (/^\s*(?:CMD\s*)?\[\s*"/.test(body))
    return [...body.matchAll(/"((?:[^"\\]|\\[\s\S])*)"/g)].map(match => ({
      start: start + match.index + 1,
      text: match[1]!,
    }));
  const mark = docker.escape === '`' ? '`' : '\\\\';
  const joined = new RegExp(`${mark}[ \\t]*\\r?\\n(?:[ \\t]*(?:#[^\\n]*)?\\r?\\n)*`, 'g');
  return [{ start, text: body.replace(joined, sign => ' '.repeat(sign.length)) }];
}

/** Hosts that keep past releases only, and those of today's: https://www.debian.org/distrib/archive, https://old-releases.ubuntu.com */
const MIRRORS: Record<string, string> = {
  'archive.debian.org': 'deb.debian.org',
  'old-releases.ubuntu.com': 'archive.ubuntu.com',
};
const PAST_MIRROR = /\b(?:archive\.debian\.org|old-releases\.ubuntu\.com)\b/g;

/** Package sources that a RUN adds or edits: their suites, and the host that only keeps releases of the past. */
export function rewriteReleaseNames(docker: DockerfileText, codenames?: { old: string; new: string }): TextEdit[] {
  if (!codenames) return [];
  const { old, new: now } = codenames;
  const suite = new RegExp(`(?<![\\w.])${old}(/updates)?(?![\\w.])`, 'g');
  return docker.instructions
    .filter(instruction => instruction.keyword === 'RUN')
    .flatMap(({ body }) => {
      const text = docker.text.slice(body.start, body.end);
      if (!/sources\.list|\bdeb(-src)?\s|add-apt-repository/.test(text)) return [];
      const suites = [...text.matchAll(suite)].map(match => ({
        start: body.start + match.index,
        end: body.start + match.index + match[0].length,
        text: match[1] ? `${now}-security` : now,
        why: `package sources of ${old} are no use on ${now}`,
      }));
      const hosts = [...text.matchAll(PAST_MIRROR)].map(match => ({
        start: body.start + match.index,
        end: body.start + match.index + match[0].length,
        text: MIRRORS[match[0]]!,
        why: `${now} is not in the archive of past releases`,
      }));
      return [...suites, ...hosts];
    });
}

function spansWithPaths(docker: DockerfileText): Span[] {
  return docker.instructions.flatMap((instruction): Span[] => {
    if (WITH_PATHS.has(instruction.keyword)) return [instruction.body];
    return instruction.keyword === 'COPY' || instruction.keyword === 'ADD' ? destination(docker, instruction) : [];
  });
}

function destination(docker: DockerfileText, instruction: DockerInstruction): Span[] {
  const end = docker.text.slice(instruction.body.start, instruction.body.end).includes('<<')
    ? docker.text.indexOf('\n', instruction.body.start)
    : instruction.body.end;
  const last = instruction.arguments.findLast(argument => argument.end <= end);
  return last ? [{ start: last.start, end: last.end }] : [];
}

function findWord(text: string, word: string): number[] {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return [...text.matchAll(new RegExp(`(?<![\\w.-])${escaped}(?![\\w-]|\\.\\w)`, 'g'))].map(match => match.index);
}
