/** A package of a programming language, as its own package manager recorded it. */
export interface LanguagePackage {
  ecosystem: 'pip' | 'npm' | 'gem' | 'conda';
  name: string;
  version: string;
  /** Where it is installed: site-packages, node_modules, a gem home, a conda prefix. */
  folder: string;
  /**
   * `left`: its unmodified files are not in the bag, and it is installed again at restore. `kept`: whatever of it is not made by the
   * build is in the bag.
   */
  files: 'left' | 'kept';
  /** Why, in words. */
  why: string;
  /** It came, or came in this version, during operation. */
  operation: boolean;
}

/** What a package's own record vouches for: a file with its digest, a folder, or a file that the package manager writes itself. */
export interface VouchedPath {
  package: LanguagePackage;
  kind: 'file' | 'directory';
  /** Hex sha256 of the content as installed; undefined for folders and the record itself. */
  sha256?: string;
  /** The archive that has it: what is as in there is left, file by file. Without it pip installs the package again as a whole. */
  archive?: string;
}

/** Absolute path -> what vouches for it. Holds only what is installed again at restore. */
export type VouchedPaths = ReadonlyMap<string, VouchedPath>;
