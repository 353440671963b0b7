/** A path of which an archive says nothing by itself, and what can be told of it. */
export interface UnlistedPath {
  path: string;
  /** A whole sentence part after "left out: ". */
  why: string;
  rule?: string;
  package?: string;
  /** It is not there at all. */
  absent?: boolean;
}

export interface Mounted {
  destination: string;
  kept: boolean;
  why: string;
}

/** What a living container tells of a path. */
export interface ContainerFacts {
  exists: boolean;
  /** It was there when the image was made. */
  inImage: boolean;
  /** Package that ships it. */
  package: string | undefined;
  /** The rule of knowledge/ that matches it. */
  rule: { id: string; reason: string } | undefined;
  mounts: readonly Mounted[];
}

/** A path of a living container that detection gave no line of its own. Pure. */
export function explainUnlisted(path: string, facts: ContainerFacts): UnlistedPath {
  const mount = mountOf(path, facts.mounts);
  if (mount && !mount.kept) return inMount(path, mount);
  const owner = facts.package === undefined ? {} : { package: facts.package };
  if (facts.exists && facts.package !== undefined)
    return { path, why: `${facts.package} ships it and it is as in the image`, rule: 'package/unchanged', ...owner };
  if (facts.rule) return { path, why: facts.rule.reason, rule: facts.rule.id, ...owner };
  if (facts.exists) return { path, why: 'it is as in the image', rule: 'image/build-step' };
  const before = facts.inImage ? '; the package manager removed it with its package' : '';
  return { path, why: `it does not exist in the container${before}`, absent: true, ...owner };
}

/** A path that the index of a bag does not list. Pure. */
export function explainNotInBag(
  path: string,
  mounts: readonly Mounted[],
  rule: { id: string; reason: string } | undefined,
): UnlistedPath {
  const mount = mountOf(path, mounts);
  if (mount && !mount.kept) return inMount(path, mount);
  if (rule) return { path, why: `${rule.reason}; if it existed`, rule: rule.id };
  return {
    path,
    why: 'not listed; it was as in the image, where a package or a build step makes it again, or it did not exist',
  };
}

function inMount(path: string, { destination, why }: Mounted): UnlistedPath {
  return { path, why: `it lies in the mount ${destination}, which is not read: ${why}`, rule: 'mount/not-read' };
}

/** The innermost mount that a path lies in. */
function mountOf(path: string, mounts: readonly Mounted[]): Mounted | undefined {
  return mounts
    .filter(({ destination }) => `${path}/`.startsWith(destination === '/' ? '/' : `${destination}/`))
    .toSorted((a, b) => b.destination.length - a.destination.length)[0];
}
