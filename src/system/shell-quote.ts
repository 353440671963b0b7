/** Words that no shell reads as anything but themselves; an assignment (`A=b`) would be one as the first word. */
const PLAIN = /^(?!\w+=)[\w@%+=:,./-]+$/;

/**
 * One argument as a word of POSIX shell: whatever it holds (quotes, `$(...)`, line breaks, odd bytes as in system/byte-text.ts), the
 * shell gives exactly it to the program. Options are not told from operands: that is the program's `--`.
 * Throws a TypeError for a NUL, which no argument can hold.
 */
export function shellWord(word: string): string {
  if (word.includes('\0')) throw new TypeError(`an argument cannot hold a NUL: ${JSON.stringify(word)}`);
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** An argument array as a line of shell. */
export function shellWords(argv: readonly string[]): string {
  return argv.map(shellWord).join(' ');
}
