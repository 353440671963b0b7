import type { PayloadMember } from '../bag/write-bag.ts';
import type { Probe } from '../classify/classify.ts';
import { findSecretContent } from '../classify/secret-content.ts';
import type { SecretKind } from '../classify/secrets.ts';
import type { PathTable } from '../detect/path-table.ts';
import { extendedAttributes } from '../detect/probe.ts';

/** What the payload has of a path. */
export interface ArchivedMember extends Pick<Probe, 'xattrs' | 'aclAccess' | 'aclDefault'> {
  kind: PayloadMember['header']['kind'];
  size: number;
  mtime: string;
  /** Of a hard link: the path that has the content. */
  linkTarget: string;
  sha256?: string;
  /** What its content was recognised as. */
  secret?: SecretKind;
}

const DIGEST_BYTES = 32;
/** A file of the size and time that the walk saw, without further attributes. */
const AS_SEEN = 1;
/** The same, with zeros at the end of its time left out, as tar writes times. */
const TRIMMED = 2;

/**
 * What tar wrote, by path. Of a file that is as the walk saw it there is only its digest; of all others an object.
 */
export class ArchivedMembers {
  readonly #table: PathTable;
  readonly #objects = new Map<string, ArchivedMember>();
  readonly #states: Uint8Array;
  readonly #digests: Buffer;
  #count = 0;

  constructor(table: PathTable) {
    this.#table = table;
    this.#states = new Uint8Array(table.rows);
    this.#digests = Buffer.alloc(table.rows * DIGEST_BYTES); // pages that nobody writes take no memory
  }

  /** Members that were added, one that came twice counted twice. */
  get count(): number {
    return this.#count;
  }

  /** Hard links: a path, and the path that has the content. */
  *links(): Generator<readonly [path: string, target: string]> {
    for (const [path, { kind, linkTarget }] of this.#objects)
      if (kind === 'hardlink') yield [path, `/${linkTarget.replace(/^\.?\/+/, '')}`];
  }

  /** Adds a member of the payload's tar; the last one of a path counts. */
  add({ header, sha256, head }: PayloadMember): void {
    this.#count++;
    const path = `/${header.path}`;
    const { xattrs, aclAccess, aclDefault } = extendedAttributes(header);
    const { kind, size, mtime, linkTarget } = header;
    const ordinal = this.#table.ordinalOf(path);
    const isPlain = Object.keys(xattrs).length === 0 && aclAccess === undefined && aclDefault === undefined;
    const secret = head && head.length > 0 ? findSecretContent(head, path) : undefined;
    const state =
      ordinal >= 0 && kind === 'file' && isPlain && secret === undefined && sha256 !== undefined && linkTarget === ''
        ? this.#stateOf(ordinal, size, mtime)
        : 0;
    if (ordinal >= 0) this.#states[ordinal] = state;
    if (state === 0) {
      const own = {
        ...(aclAccess === undefined ? {} : { aclAccess }),
        ...(aclDefault === undefined ? {} : { aclDefault }),
        ...(secret === undefined ? {} : { secret }),
      };
      this.#objects.set(path, { kind, size, mtime, linkTarget, xattrs, ...own, ...(sha256 ? { sha256 } : {}) });
      return;
    }
    this.#objects.delete(path);
    this.#digests.write(sha256!, ordinal * DIGEST_BYTES, 'hex');
  }

  /** What the payload has of a path; undefined when it is not in it. */
  get(path: string): ArchivedMember | undefined {
    const object = this.#objects.get(path);
    if (object) return object;
    const ordinal = this.#table.ordinalOf(path);
    const state = ordinal < 0 ? 0 : this.#states[ordinal]!;
    if (state === 0) return undefined;
    const { size, mtime } = this.#table.sizeAndTimeAt(ordinal);
    const sha256 = this.#digests.toString('hex', ordinal * DIGEST_BYTES, (ordinal + 1) * DIGEST_BYTES);
    const time = state === TRIMMED ? trimmed(mtime) : mtime;
    return { kind: 'file', size, mtime: time, linkTarget: '', xattrs: {}, sha256 };
  }

  has(path: string): boolean {
    if (this.#objects.has(path)) return true;
    const ordinal = this.#table.ordinalOf(path);
    return ordinal >= 0 && this.#states[ordinal] !== 0;
  }

  #stateOf(ordinal: number, size: number, mtime: string): number {
    const seen = this.#table.sizeAndTimeAt(ordinal);
    if (seen.size !== size) return 0;
    if (seen.mtime === mtime) return AS_SEEN;
    return trimmed(seen.mtime) === mtime ? TRIMMED : 0;
  }
}

/** `12.340000000` as `12.34`. */
function trimmed(time: string): string {
  return time.replace(/\.?0+$/, '');
}
