/**
 * Compares two rpm versions, `[epoch:]version[-release]`, as rpm does (rpm rpmio/rpmvercmp.c, rpmverCmp).
 * A missing epoch is 0; a missing release is older than any.
 * @returns -1 when a is older than b, 1 when newer, 0 when rpm calls them equal (`1.05` and `1.5`).
 */
export function compareRpmVersions(a: string, b: string): -1 | 0 | 1 {
  const left = splitRpmVersion(a);
  const right = splitRpmVersion(b);
  return (
    compareSegments(left.epoch, right.epoch) ||
    compareSegments(left.version, right.version) ||
    compareRelease(left.release, right.release)
  );
}

function splitRpmVersion(text: string): { epoch: string; version: string; release: string | undefined } {
  const match = /^(?:(\d*):)?(.*?)(?:-([^-]*))?$/s.exec(text.trim())!;
  return { epoch: match[1] || '0', version: match[2] ?? '', release: match[3] };
}

function compareRelease(a: string | undefined, b: string | undefined): -1 | 0 | 1 {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  return compareSegments(a, b);
}

/** rpmvercmp: segments of digits or letters; everything else only separates, but for `~` (older) and `^` (newer). */
function compareSegments(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0;
  let one = a;
  let two = b;
  while (one || two) {
    one = one.replace(/^[^A-Za-z0-9~^]+/, '');
    two = two.replace(/^[^A-Za-z0-9~^]+/, '');
    const mark = compareMarks(one, two);
    if (typeof mark === 'number') return mark;
    if (mark === 'both') {
      one = one.slice(1);
      two = two.slice(1);
      continue;
    }
    if (!one || !two) break;
    const order = compareHeads(one, two);
    if (order !== 0) return order;
    one = one.slice(head(one, one).length);
    two = two.slice(head(two, two).length);
  }
  return !one && !two ? 0 : one ? 1 : -1;
}

/** `1.0~rc1` is older than `1.0`, `1.0^git1` newer than `1.0` but older than `1.0.1`. */
function compareMarks(one: string, two: string): -1 | 1 | 'both' | 'none' {
  if (one.startsWith('~') || two.startsWith('~')) {
    return !one.startsWith('~') ? 1 : !two.startsWith('~') ? -1 : 'both';
  }
  if (!one.startsWith('^') && !two.startsWith('^')) return 'none';
  if (!one) return -1;
  if (!two) return 1;
  return !one.startsWith('^') ? 1 : !two.startsWith('^') ? -1 : 'both';
}

function compareHeads(one: string, two: string): -1 | 0 | 1 {
  const numeric = /^\d/.test(one);
  const left = head(one, one);
  const right = head(two, one);
  // Segments of different kinds: the numeric one is newer.
  if (right === '') return numeric ? 1 : -1;
  const a = numeric ? left.replace(/^0+/, '') : left;
  const b = numeric ? right.replace(/^0+/, '') : right;
  if (numeric && a.length !== b.length) return a.length > b.length ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The leading run of `text` that is of the kind (digits or letters) that `like` starts with. */
function head(text: string, like: string): string {
  return (/^\d/.test(like) ? /^\d*/ : /^[A-Za-z]*/).exec(text)![0];
}
