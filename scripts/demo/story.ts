/* How the demo speaks: numbered chapters, commands as a person would type them, and what they took. */

let chapters = 0;

/** Begins a chapter. */
export function chapter(title: string): void {
  console.log(`\n${++chapters}. ${title}`);
}

/** One line of the story. */
export function say(line: string): void {
  console.log(`   ${line}`);
}

/** Lines of somebody else: answers, a table. */
export function show(lines: string[]): void {
  for (const line of lines) console.log(`     ${line}`);
}

/** Announces a command, does it, and says how long it took; gives its result and the seconds. */
export async function timed<T>(words: string, work: () => T | Promise<T>): Promise<{ result: T; seconds: number }> {
  say(`$ ${words}`);
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  show([`(${seconds.toFixed(1)} s)`]);
  return { result, seconds };
}
