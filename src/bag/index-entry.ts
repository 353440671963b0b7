export type PathKind = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'char' | 'block';

/** Kinds of secrets that are recognised and counted. */
export const SECRET_KINDS = [
  'password hashes',
  'private keys',
  'keytabs',
  'tokens and passwords',
  'secrets of the machine',
] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];

/**
 * What is done with a path.
 * `keep`: it is in the payload. `attributes`: content is the package's, but mode, owner, xattrs or ACLs were changed and
 * are recorded. `record`: in the payload, but merged as records (accounts, debconf), never laid over.
 * `delete`: it was there in the image or package and the owner removed it. `leave`: it can be had again.
 * `parent`: a directory that is not itself Mutable, recorded because something below it is kept.
 */
export type Disposition = 'keep' | 'attributes' | 'record' | 'delete' | 'leave' | 'parent';

/** One line of data/files.ndjson.zst. Paths are absolute; odd bytes as in system/byte-text.ts. */
export interface IndexEntry {
  path: string;
  kind: PathKind;
  /** Permission bits in octal, four digits or more, e.g. "2770". */
  mode: string;
  uid: number;
  gid: number;
  /** Empty when the id has no name. */
  user: string;
  group: string;
  /** Bytes of content; 0 for anything but files, and for what the engine makes at each start. */
  size: number;
  /** Seconds since 1970 with a fraction of up to nine digits, as text, so that no digit is lost. Empty where the engine sets it at each start. */
  mtime: string;
  /** Hex digest of the content as a reader sees it (holes are zeros). Only for kept regular files, and those of a language's packages that are installed or unpacked again. */
  sha256?: string;
  /** Symlink target. */
  target?: string;
  /** The target did not exist on the old system either. */
  dangling?: true;
  /** For the second and later names of a hard-linked file: the path that carries the content. */
  hardlink?: string;
  /** Extended attributes that tar recorded: name -> base64. */
  xattrs?: Record<string, string>;
  /** POSIX ACLs as tar recorded them, in words (acl(5)). */
  aclAccess?: string;
  aclDefault?: string;
  /** What kind of secret its content was recognised as; what it is stands nowhere but in the payload. */
  secret?: SecretKind;
  disposition: Disposition;
  /** Id of the rule that decided. */
  rule: string;
  /** The reason in words. */
  why: string;
  /** Owning package, if any. */
  package?: string;
  /** 'image': it was so when the image was made; 'operation': it appeared or changed since. */
  origin: 'image' | 'operation';
  /** Which sources saw the change: walk, engine-diff, package-digest, baseline. */
  seenBy?: string[];
}
