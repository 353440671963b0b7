const ENDING = '.tar.zst';
const ENCRYPTED = '.age';

/**
 * File name of a packed bag: `lab.tar.zst`, or `lab.tar.zst.age` when it is encrypted. Characters that stores must not have in names become `-`.
 * A name may come with its ending.
 */
export function bagFileName(name: string, encrypted = false): string {
  const clean = name.replace(/[^\w.@+ -]+/g, '-').replace(/^-+|-+$/g, '');
  return `${withoutEnding(clean) || 'service'}${ENDING}${encrypted ? ENCRYPTED : ''}`;
}

/** The folder name inside: `lab` of `lab.tar.zst` and of `lab.tar.zst.age`. */
export function bagFolderName(name: string): string {
  return withoutEnding(bagFileName(name));
}

/** Names in a store that a person may mean by a name: as it stands, and with its ending. */
export function storedNames(name: string): string[] {
  return [...new Set([bagFileName(name), bagFileName(name, true), name])];
}

/** True for the names that bagFileName gives. */
export function isBagFileName(name: string): boolean {
  return /.\.tar\.zst(\.age)?$/.test(name);
}

export function isEncryptedName(name: string): boolean {
  return name.endsWith(ENCRYPTED);
}

function withoutEnding(name: string): string {
  return name.replace(/(\.tar\.zst)?(\.age)?$/, '');
}
