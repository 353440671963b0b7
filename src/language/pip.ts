/*
 * Installed Python distributions: `NAME-VERSION.dist-info/` with METADATA, RECORD (path, digest, size), and where they came from
 * anywhere but an index, `direct_url.json`
 * (https://packaging.python.org/en/latest/specifications/recording-installed-packages/, PEP 376, PEP 610).
 */

/** Matches the record of a distribution; its folder of packages is the first group, its own folder the second. */
export const PIP_RECORD = /^(.*)\/([^/]+\.dist-info)\/RECORD$/;

/** One line of RECORD. */
export interface RecordedFile {
  /** Absolute. */
  path: string;
  /** Hex; undefined for RECORD itself, byte code, and algorithms that nobody uses. */
  sha256?: string;
}

/** Name and version of METADATA (email headers up to the first blank line). */
export function parseMetadata(text: string): { name: string; version: string } {
  const head = text.replaceAll('\r\n', '\n').split('\n\n')[0]!;
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'mi').exec(head)?.[1]?.trim() ?? '';
  return { name: field('Name'), version: field('Version') };
}

/** RECORD is CSV; paths are relative to the folder of packages, or absolute. */
export function parseRecord(text: string, folder: string): RecordedFile[] {
  return text
    .split(/\r?\n/)
    .map(splitCsv)
    .flatMap(([path, digest]) => {
      if (!path) return [];
      const sha256 = /^sha256=([\w-]{43})$/.exec(digest ?? '')?.[1];
      return [
        {
          path: absolute(folder, path),
          ...(sha256 ? { sha256: Buffer.from(sha256, 'base64url').toString('hex') } : {}),
        },
      ];
    });
}

function absolute(folder: string, path: string): string {
  const parts = path.startsWith('/') ? [] : folder.split('/').slice(1);
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Fields of a line of CSV; names with commas or quotes are quoted, quotes doubled. */
function splitCsv(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(match =>
    match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'),
  );
}
