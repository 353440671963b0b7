/*
 * Records of package managers that say nothing of files: npm's has digests of archives, gem's none; and conda cannot be installed by
 * itself. Packages are listed by name and version; the archives of npm and gem vouch for their files (package-archives.ts).
 */

export interface NamedPackage {
  name: string;
  version: string;
}

/** A package of npm and where it is below the folder of packages: `a`, `@scope/a`, `a/node_modules/b`. */
export interface PlacedPackage extends NamedPackage {
  place: string;
  /** Hex digest of its archive. */
  sha512?: string;
  /** It came from a file, a folder or a repository, of which npm keeps no archive. */
  isForeign?: boolean;
}

/** npm's hidden lock file (https://docs.npmjs.com/cli/configuring-npm/package-lock-json, "Hidden lockfiles"). */
export const NPM_RECORD = /^(.*\/node_modules)\/\.package-lock\.json$/;
/** Specifications of installed gems (`gem help install`, guides.rubygems.org/specification-reference). */
export const GEM_RECORD = /^(.*)\/specifications\/([^/]+)\.gemspec$/;
/** conda's record of an installed package (https://docs.conda.io, "conda-meta"). */
export const CONDA_RECORD = /^(.*)\/conda-meta\/[^/]+-[^/]+-[^/]+\.json$/;

/** `packages` of a lock file: path -> version. Links to folders of the owner's have none. */
export function parseNpmLock(text: string): PlacedPackage[] {
  const { packages } = parseObject(text);
  if (typeof packages !== 'object' || packages === null) return [];
  return Object.entries(packages).flatMap(([path, value]) => {
    const { version, name, resolved, integrity } = (value ?? {}) as Record<string, unknown>;
    if (typeof version !== 'string' || !path.includes('node_modules/')) return [];
    const shown = typeof name === 'string' ? name : path.replace(/^.*node_modules\//, '');
    const sha512 = typeof integrity === 'string' ? sha512Of(integrity) : undefined;
    const isForeign = typeof resolved === 'string' && !/^https?:/.test(resolved);
    const place = path.replace(/^node_modules\//, '');
    return [{ name: shown, version, place, ...(sha512 && { sha512 }), ...(isForeign && { isForeign }) }];
  });
}

/** Of the digests of an archive (https://www.w3.org/TR/SRI/) that by which npm's cache names it. */
function sha512Of(integrity: string): string | undefined {
  const digest = /(?:^|\s)sha512-([A-Za-z0-9+/]{86}==)(?:\s|$)/.exec(integrity)?.[1];
  return digest && Buffer.from(digest, 'base64').toString('hex');
}

/** Where npm's cache has an archive, below a home (https://github.com/npm/cacache, "content-v2"). */
export function npmCachePath(home: string, sha512: string): string {
  return `${home}/.npm/_cacache/content-v2/sha512/${sha512.slice(0, 2)}/${sha512.slice(2, 4)}/${sha512.slice(4)}`;
}

/** Gems of Ruby itself are in specifications/default, which the pattern does not match. */
export function parseGemspec(text: string, stem: string): NamedPackage | undefined {
  const name = /^\s*s\.name\s*=\s*"([^"]+)"/m.exec(text)?.[1];
  const version = /^\s*s\.version\s*=\s*"([^"]+)"/m.exec(text)?.[1];
  if (name && version) return { name, version };
  const match = /^(.+?)-(\d[^-]*)(?:-.*)?$/.exec(stem);
  return match ? { name: match[1]!, version: match[2]! } : undefined;
}

export function parseCondaMeta(text: string): NamedPackage | undefined {
  const { name, version } = parseObject(text);
  return typeof name === 'string' && typeof version === 'string' ? { name, version } : undefined;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
