/** A Debian version in its three parts. */
interface DebianVersion {
  epoch: number;
  upstream: string;
  revision: string;
}

/**
 * Compares two Debian version strings as dpkg does (Debian Policy 5.6.12, dpkg lib/dpkg/version.c).
 * A missing epoch is 0, a missing revision equals `0`; any other text is compared as it stands, nothing is refused.
 * @returns -1 when a is older than b, 1 when newer, 0 when dpkg calls them equal (`1.0` and `1.0-0`).
 */
export function compareDebianVersions(a: string, b: string): -1 | 0 | 1 {
  const left = splitDebianVersion(a);
  const right = splitDebianVersion(b);
  const order =
    left.epoch - right.epoch ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

/** `5.32.1` of `5.32.1-4+deb11u4`: without epoch and revision (deb-version(7)). */
export function upstreamVersion(version: string): string {
  return splitDebianVersion(version).upstream;
}

function splitDebianVersion(text: string): DebianVersion {
  const version = text.trim();
  const colon = version.indexOf(':');
  const epoch = colon > 0 ? Number(version.slice(0, colon)) || 0 : 0;
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return dash < 0
    ? { epoch, upstream: rest, revision: '' }
    : { epoch, upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** Alternating runs of non-digits and digits, each compared in its own way. */
function compareParts(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a, i)) || (j < b.length && !isDigit(b, j))) {
      const order = weight(a, i) - weight(b, j);
      if (order !== 0) return order;
      if (i < a.length) i++;
      if (j < b.length) j++;
    }
    const left = digitsAt(a, i);
    const right = digitsAt(b, j);
    const order = compareDigits(left, right);
    if (order !== 0) return order;
    i += left.length;
    j += right.length;
  }
  return 0;
}

/** As text, because a date-like number may have more digits than a double holds. */
function compareDigits(a: string, b: string): number {
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `~` sorts before the end of the string, the end before letters, letters before everything else. */
function weight(text: string, at: number): number {
  if (at >= text.length || isDigit(text, at)) return 0;
  const char = text[at]!;
  if (char === '~') return -1;
  return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function digitsAt(text: string, from: number): string {
  let to = from;
  while (to < text.length && isDigit(text, to)) to++;
  return text.slice(from, to);
}
