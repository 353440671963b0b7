import type { SystemFiles } from './system-files.ts';

/** Where dpkg's options are: single files below the folder first, then the file (dpkg(1), "FILES"). */
export const DPKG_OPTIONS = ['etc/dpkg/dpkg.cfg.d', 'etc/dpkg/dpkg.cfg'];

interface Filter {
  include: boolean;
  pattern: RegExp;
}

/**
 * A test whether dpkg was told to leave a path out when it unpacks (`path-exclude`, `path-include`; dpkg(1)): slim images have no
 * documentation, manual pages and translations so. Of the filters that match the last one decides.
 * @returns undefined where nothing is left out
 */
export function readDpkgFilters(files: SystemFiles): ((path: string) => boolean) | undefined {
  const filters = optionFiles(files).flatMap(path => parseFilters(files.lines(path)));
  if (!filters.some(each => !each.include)) return undefined;
  return path => filters.findLast(each => each.pattern.test(path))?.include === false;
}

/** run-parts' names only: `x.dpkg-old` is no option file (dpkg(1), dpkg.cfg.d). */
function optionFiles(files: SystemFiles): string[] {
  const folder = '/etc/dpkg/dpkg.cfg.d/';
  const single = files.below(folder).filter(path => /^[\w-]+$/.test(path.slice(folder.length)));
  return [...single, '/etc/dpkg/dpkg.cfg'];
}

/** Lines `path-exclude=GLOB` or `path-exclude GLOB`, the glob in quotes or not (dpkg.cfg(5)). */
function parseFilters(lines: string[]): Filter[] {
  return lines.flatMap(line => {
    const match = /^\s*path-(exclude|include)(?:\s*=\s*|\s+)(.+?)\s*$/.exec(line);
    if (!match) return [];
    const glob = match[2]!.replace(/^(["'])(.*)\1$/, '$2');
    return [{ include: match[1] === 'include', pattern: fnmatchPattern(glob) }];
  });
}

/** fnmatch(3) without flags, which dpkg uses: `*` and `?` match slashes, too. */
function fnmatchPattern(glob: string): RegExp {
  const source = glob.replace(
    /\\(.)|(\*+)|(\?)|\[([!^]?)(\]?(?:\[:\w+:\]|[^\]])*)\]|([^\\*?[]|\\$|\[)/gs,
    (_, escaped, star, any, not, set, plain) => {
      if (star) return '.*';
      if (any) return '.';
      if (set !== undefined) return bracket(not !== '', set);
      return quote(escaped ?? plain);
    },
  );
  return new RegExp(`^${source}$`, 's');
}

const CLASSES: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
};

/** A bracket expression; one that makes no sense matches nothing. */
function bracket(not: boolean, set: string): string {
  const members = set.replace(/\[:(\w+):\]|[\\\]^[]/g, (text, name) => (name ? (CLASSES[name] ?? '') : `\\${text}`));
  const source = `[${not ? '^' : ''}${members}]`;
  try {
    new RegExp(source);
    return source;
  } catch {
    return '[]';
  }
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
