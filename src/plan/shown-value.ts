import { printable } from '../system/byte-text.ts';

/** Words that make a setting a secret, in keys and in lines whose parts are not known. */
const SECRET = /pass(wd|word|phrase)?|secret|token(?!s)|credential|private|api[-_]?key|\bkey\b|auth/i;
/** Values that tell nothing, as in `PasswordAuthentication no`. */
const PLAIN = /^(\S+\s+)?(yes|no|on|off|true|false|none)\s*;?(\s*#.*)?$/i;
const LONGEST = 120;

/** A setting's value for a report: secrets hidden, control characters escaped, at most 120 characters. `key` may be a whole line. */
export function shownValue(key: string, value: string): string {
  if (value === '') return '';
  if (SECRET.test(key) && !PLAIN.test(value.trim())) return '<hidden>';
  const text = printable(value.trim()).replace(/(:\/\/[^\s:/@]*:)[^\s@]+@/g, '$1<hidden>@');
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
