/** An argument array as a line of shell, for people to read. Nothing of ours runs what this returns. */
export function shellWords(argv: string[]): string {
  return argv.map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
