import { PerennialError } from '../errors.ts';

/*
 * The tag files of BagIt 1.0 (RFC 8493), section numbers in the comments.
 */

/** bagit.txt (2.1.1) */
export const BAGIT_TXT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

/** What a file of the bag must be. */
export interface Fixity {
  /** Hex */
  sha256: string;
  bytes: number;
}

/**
 * True for a relative path without empty, `.` or `..` parts, NUL, backslash or bytes that are no UTF-8: safe below any folder, and
 * sayable in a manifest, which is UTF-8.
 */
export function isBagPath(path: string): boolean {
  return (
    path.isWellFormed() &&
    !/[\0\\]/.test(path) &&
    path.split('/').every(part => part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= 255)
  );
}

/** A payload or tag manifest (2.1.3, 2.2.1): a line each file, sorted by path. */
export function formatDigests(files: ReadonlyMap<string, Pick<Fixity, 'sha256'>>): string {
  return [...files]
    .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([path, { sha256 }]) => `${sha256}  ${encodePath(path)}\n`)
    .join('');
}

/** The inverse of formatDigests: path -> hex digest. Throws `bag-invalid` for malformed lines, unsafe or double paths. */
export function parseDigests(text: string, name: string): Map<string, string> {
  const digests = new Map<string, string>();
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line === '') continue;
    const [, digest, written] = /^([0-9a-fA-F]{64})[ \t]+\*?(.+)$/.exec(line) ?? [];
    if (!digest || !written) throw invalidTag(name, `the line ${JSON.stringify(line)} is no digest and path`);
    const path = decodePath(written);
    if (!isBagPath(path)) throw invalidTag(name, `the path ${JSON.stringify(path)} is not safe`);
    if (digests.has(path)) throw invalidTag(name, `the path ${JSON.stringify(path)} is listed twice`);
    digests.set(path, digest.toLowerCase());
  }
  return digests;
}

/** bag-info.txt (2.2.2). Line breaks in values become blanks. */
export function formatBagInfo(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map(([label, value]) => `${label}: ${value.replace(/\s*[\r\n]+\s*/g, ' ').trim()}\n`)
    .join('');
}

/** The fields of bag-info.txt; a label that repeats gives its last value. Continuation lines are joined. */
export function parseBagInfo(text: string): Record<string, string> {
  const fields = text.replace(/\r?\n[ \t]+/g, ' ').matchAll(/^([^:\r\n]+):[ \t]*(.*)$/gm);
  return Object.fromEntries([...fields].map(([, label, value]) => [label!.trim(), value!.trim()]));
}

/** Payload-Oxum (2.2.2): octets and number of the files below data/. */
export function payloadOxum(files: ReadonlyMap<string, Pick<Fixity, 'bytes'>>): string {
  const payload = [...files].filter(([path]) => path.startsWith('data/'));
  return `${payload.reduce((sum, [, { bytes }]) => sum + bytes, 0)}.${payload.length}`;
}

/** Only line breaks and the percent sign are encoded (2.1.3). */
function encodePath(path: string): string {
  return path.replace(/[%\r\n]/g, char => (char === '%' ? '%25' : char === '\n' ? '%0A' : '%0D'));
}

function decodePath(written: string): string {
  return written.replace(/%(25|0[aA]|0[dD])/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function invalidTag(name: string, what: string): PerennialError {
  return new PerennialError('bag-invalid', `${name}: ${what}`, {
    hint: 'This is not a sound BagIt bag (RFC 8493); fetch it again from where it is kept.',
  });
}
