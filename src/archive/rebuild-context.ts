import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { Add, type Argument, Copy, DockerfileParser } from 'dockerfile-ast';
import { compileGlobs } from '../classify/rule.ts';
import { PerennialError } from '../errors.ts';

/** A build context as it goes into the bag: the Dockerfile and the files that it copies, nothing else. */
export interface RebuildContext {
  directory: string;
  /** Relative to the directory. */
  dockerfile: string;
  files: string[];
}

/**
 * Finds what a rebuild needs of a build context: the Dockerfile and whatever its COPY and ADD instructions name,
 * less what .dockerignore leaves out (https://docs.docker.com/build/concepts/context/#dockerignore-files).
 * @throws PerennialError `bad-input` when the context or its Dockerfile cannot be read
 */
export async function readRebuildContext(directory: string, dockerfile = 'Dockerfile'): Promise<RebuildContext> {
  const root = resolve(directory);
  const text = await readFile(join(root, dockerfile), 'utf8').catch(cause => {
    throw new PerennialError('bad-input', `The build context ${directory} has no readable ${dockerfile}`, {
      cause,
      hint: 'Name the folder of the Dockerfile with --context and another file name with --dockerfile, or leave --context out.',
    });
  });
  const sources = copySources(text);
  const files = sources.length === 0 ? [] : await contextFiles(root, sources);
  for (const file of files) await checkReadable(root, file);
  return { directory: root, dockerfile, files: [...new Set([dockerfile, ...files])].sort() };
}

/** Said before anything is made: a context that cannot be read in full is of no use for a rebuild. */
async function checkReadable(root: string, file: string): Promise<void> {
  const path = join(root, file);
  const problem = await access(path, constants.R_OK)
    .then(() => stat(path))
    .then(
      facts => (facts.isFile() ? undefined : 'it is no plain file'),
      (error: Error) => error.message,
    );
  if (problem === undefined) return;
  throw new PerennialError('bad-input', `${path} of the build context cannot be read: ${problem}`, {
    hint: 'Make it readable, name it in .dockerignore, or leave --context out.',
  });
}

/** Sources of COPY and ADD that come from the context: not from another stage, not a URL, not a heredoc. */
export function copySources(text: string): string[] {
  return DockerfileParser.parse(text)
    .getInstructions()
    .filter(each => each instanceof Copy || each instanceof Add)
    .filter(each => !each.getFlags().some(flag => flag.getName() === 'from'))
    .flatMap(each => {
      const paths = wordsBeforeHeredoc(each.getArguments());
      const list = paths[0]?.startsWith('[') ? jsonWords(paths.join(' ')) : paths;
      return list.slice(0, -1).filter(word => !/^(https?|git|ssh):|^git@|^<</.test(word));
    });
}

/** The parser counts the text of a heredoc among the words. */
function wordsBeforeHeredoc(words: Argument[]): string[] {
  const heredoc = words.find(word => word.getValue().startsWith('<<'))?.getRange().start.line;
  return words
    .filter(word => heredoc === undefined || word.getRange().start.line <= heredoc)
    .map(word => word.getValue());
}

function jsonWords(text: string): string[] {
  try {
    return JSON.parse(text) as string[];
  } catch {
    return [];
  }
}

async function contextFiles(root: string, sources: string[]): Promise<string[]> {
  const ignored = await readIgnored(root);
  const wanted = sources.map(source => source.replace(/^(\.?\/)+/, '').replace(/\/+$/, ''));
  const all = wanted.some(source => source === '' || source === '.' || source.includes('$'));
  const matches = compileGlobs(wanted.filter(Boolean).flatMap(source => [source, `${source}/**`]));
  const found: string[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = relative(root, join(entry.parentPath, entry.name)).split(sep).join('/');
    if (!entry.isDirectory() && (all || matches(path)) && !ignored(path)) found.push(path);
  }
  return found;
}

async function readIgnored(root: string): Promise<(path: string) => boolean> {
  const text = await readFile(join(root, '.dockerignore'), 'utf8').catch(() => '');
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
  const rules = lines.map(line => {
    const glob = line.replace(/^!/, '').replace(/^\/+|\/+$/g, '');
    return { keep: line.startsWith('!'), test: compileGlobs([glob, `${glob}/**`]) };
  });
  return path => {
    if (path === '.git' || path.startsWith('.git/')) return true;
    let out = false;
    for (const rule of rules) if (rule.test(path)) out = !rule.keep;
    return out;
  };
}
