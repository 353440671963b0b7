const ENDING = '.tar.zst';

/** File and artifact name of a packed bag: characters that artifacts must not have become `-`. */
export function bagFileName(name: string): string {
  const clean = name.replace(/[^\w.@+ -]+/g, '-').replace(/^-+|-+$/g, '') || 'service';
  return clean.endsWith(ENDING) ? clean : `${clean}${ENDING}`;
}

/** The folder name inside: `lab-bag` of `lab-bag.tar.zst`. */
export function bagFolderName(name: string): string {
  return bagFileName(name).slice(0, -ENDING.length) || 'service';
}

/** Artifacts that a person may mean by a name: as it stands, and as the archive action names it. */
export function artifactNames(name: string): string[] {
  return [...new Set([bagFileName(name), name])];
}
