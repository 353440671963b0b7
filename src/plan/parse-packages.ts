import { PackageCandidate, type StanzaFields } from './package-candidate.ts';
import { PackageIndex } from './package-index.ts';

const NEWLINE = 10;
/** Fields that are read; a longer list may be filtered to these before. */
export const STANZA_FIELDS: readonly (keyof StanzaFields)[] = [
  'Package',
  'Version',
  'Architecture',
  'Source',
  'Section',
  'Provides',
  'Replaces',
  'Breaks',
  'Conflicts',
  'Depends',
  'Pre-Depends',
  'Description',
  'Essential',
  'Installed-Size',
];
/** Field names by their first byte, so that most lines are passed over after one look. */
const BY_FIRST_BYTE = groupByFirstByte();

/**
 * Reads a Debian `Packages` file, or what `apt-cache dumpavail` prints (deb822 stanzas, Debian Policy 5.1).
 * Stanzas without a name or version are passed over.
 * @param chunks the text in pieces of any size; bytes are taken as UTF-8.
 * @param label which release it is, for explanations.
 */
export async function parsePackages(
  chunks: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>,
  label?: string,
): Promise<PackageIndex> {
  const reader = new StanzaReader(label);
  for await (const chunk of chunks) reader.push(typeof chunk === 'string' ? Buffer.from(chunk) : toBuffer(chunk));
  return reader.finish();
}

/** Works on bytes: a string made of a whole file would keep all of it alive through every slice that is kept. */
class StanzaReader {
  private readonly index: PackageIndex;
  private rest: Buffer = Buffer.alloc(0);
  private fields = emptyFields();
  private readonly strings = new Map<string, string>();
  private last: keyof StanzaFields | undefined;

  constructor(label: string | undefined) {
    this.index = new PackageIndex(label);
  }

  push(chunk: Buffer): void {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let from = 0;
    for (let to = bytes.indexOf(NEWLINE, from); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      this.line(bytes, from, to);
      from = to + 1;
    }
    this.rest = bytes.subarray(from);
  }

  finish(): PackageIndex {
    if (this.rest.length > 0) this.line(this.rest, 0, this.rest.length);
    this.endStanza();
    return this.index;
  }

  private line(bytes: Buffer, from: number, to: number): void {
    if (from === to) {
      this.endStanza();
      return;
    }
    const first = bytes[from]!;
    if (first === 32 || first === 9) {
      this.continuation(bytes, from, to);
      return;
    }
    this.last = findField(bytes, from, first);
    if (this.last) this.fields[this.last] = this.shared(bytes.toString('utf8', from + this.last.length + 1, to).trim());
  }

  /** Sections, architectures, sources and whole relations recur: one string each. */
  private shared(text: string): string {
    const known = this.strings.get(text);
    if (known !== undefined) return known;
    if (text.length < 80) this.strings.set(text, text);
    return text;
  }

  /** Relations may be folded; of a description only the first line is wanted. */
  private continuation(bytes: Buffer, from: number, to: number): void {
    if (!this.last || this.last === 'Description') return;
    this.fields[this.last] += ` ${bytes.toString('utf8', from, to).trim()}`;
  }

  private endStanza(): void {
    if (this.fields.Package && this.fields.Version) this.index.add(new PackageCandidate(this.fields));
    this.fields = emptyFields();
    this.last = undefined;
  }
}

function findField(bytes: Buffer, from: number, first: number): keyof StanzaFields | undefined {
  return BY_FIRST_BYTE.get(first)?.find(
    ({ label }) => bytes.compare(label, 0, label.length, from, from + label.length) === 0,
  )?.field;
}

function groupByFirstByte(): Map<number, { field: keyof StanzaFields; label: Buffer }[]> {
  return Map.groupBy(
    STANZA_FIELDS.map(field => ({ field, label: Buffer.from(`${field}:`) })),
    ({ label }) => label[0]!,
  );
}

function emptyFields(): StanzaFields {
  return Object.fromEntries(STANZA_FIELDS.map(field => [field, ''])) as unknown as StanzaFields;
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
