/*
 * Records of package managers whose files are kept whole: npm's has digests of archives, not of files; gem's has none; and conda cannot be
 * installed by itself. They are listed by name and version.
 */

export interface NamedPackage {
  name: string;
  version: string;
}

/** A package of npm and where it is below the folder of packages: `a`, `@scope/a`, `a/node_modules/b`. */
export interface PlacedPackage extends NamedPackage {
  place: string;
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
    const { version, name } = (value ?? {}) as { version?: unknown; name?: unknown };
    const shown = typeof name === 'string' ? name : path.replace(/^.*node_modules\//, '');
    const place = path.replace(/^node_modules\//, '');
    return typeof version === 'string' && path.includes('node_modules/') ? [{ name: shown, version, place }] : [];
  });
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
