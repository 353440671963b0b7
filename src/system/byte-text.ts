import { isUtf8 } from 'node:buffer';

/*
 * File names are bytes. They are carried as strings in which every byte that is not valid UTF-8 is one lone surrogate
 * U+DC80..U+DCFF (PEP 383, "surrogateescape"): such a string prints and matches like any other, survives
 * JSON (JSON.stringify writes lone surrogates as \udcXX), and turns back into exactly the same bytes.
 */

/** Bytes to text; never fails, never loses a byte. */
export function decodeBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    text += bytes.toString('utf8', from, at) + String.fromCharCode(0xdc00 + bytes[at]!);
    from = ++at;
  }
  return text + bytes.toString('utf8', from);
}

/** The exact inverse of decodeBytes. */
export function encodeBytes(text: string): Buffer {
  if (!/[\udc80-\udcff]/.test(text) || text.isWellFormed()) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit <= 0xdbff) {
      at++; // a well-formed pair
    } else if (unit >= 0xdc80 && unit <= 0xdcff) {
      parts.push(Buffer.from(text.slice(from, at), 'utf8'), Buffer.from([unit - 0xdc00]));
      from = at + 1;
    }
  }
  parts.push(Buffer.from(text.slice(from), 'utf8'));
  return Buffer.concat(parts);
}

/**
 * Text that is safe to show in a terminal, log or Markdown cell: control characters, odd bytes, and what turns the direction of
 * writing (UAX #9), so that a name looks like another one, are escaped.
 */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/gu,
    char => {
      const code = char.codePointAt(0)!;
      return code >= 0xdc80 && code <= 0xdcff
        ? `\\x${(code - 0xdc00).toString(16)}`
        : code < 0x100
          ? `\\x${code.toString(16).padStart(2, '0')}`
          : `\\u${code.toString(16)}`;
    },
  );
}

/** Several lines for a terminal or log: line breaks and tabs stay, everything else is as in `printable`. */
export function printableLines(text: string): string {
  return text.replace(/[^\n\t]+/g, printable);
}

/** Length of the valid UTF-8 sequence that starts at `at`, 0 when there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}
