/** Names by which entries know a program: its own, and the same less a version (`python3.9` is python, `ruby2.7` ruby). Pure. */
export function programNames(program: string): string[] {
  const name = program.slice(program.lastIndexOf('/') + 1);
  return [...new Set([name, name.replace(/[-.\d]+$/, '') || name])];
}
