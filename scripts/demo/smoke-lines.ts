import { join } from 'node:path';
import { run, tryRun } from '../command.ts';
import { ROOT } from '../provision/paths.ts';

/** The example that the demo plays. */
export const EXAMPLE = join(ROOT, 'examples', 'samba');

/** The facts that a client sees of the service in this container: the lines of examples/samba/smoke.sh. */
export function smokeLines(container: string): string[] {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const address = tryRun('docker', ['inspect', '-f', format, container]).stdout.trim();
  const env = { ...process.env, C: container, HOST: address || '0.0.0.0' };
  // The script's own exit code says nothing: a refused login is one of the answers.
  const { stdout } = tryRun('bash', [join(EXAMPLE, 'smoke.sh')], { env, timeout: 120 });
  return stdout.split('\n').filter(line => line !== '');
}

/** Name and version of the system in a running container. */
export function systemOf(container: string): string {
  const file = run('docker', ['exec', container, 'cat', '/etc/os-release']);
  return /^PRETTY_NAME="?(.*?)"?$/m.exec(file)?.[1] ?? 'an unknown system';
}

/**
 * Compares answers line by line, in order. Gives how many lines of `then` are still there, and the differences (`- ` was,
 * `+ ` is now); none when the two are equal.
 */
export function sameLines(then: string[], now: string[]): { count: number; differences: string[] } {
  const common = commonLengths(then, now);
  const differences: string[] = [];
  let a = 0;
  let b = 0;
  while (a < then.length || b < now.length) {
    if (a < then.length && b < now.length && then[a] === now[b]) {
      a++;
      b++;
    } else if (b >= now.length || (a < then.length && common[a + 1]![b]! >= common[a]![b + 1]!)) {
      differences.push(`- ${then[a++]}`);
    } else differences.push(`+ ${now[b++]}`);
  }
  return { count: common[0]![0]!, differences };
}

/** Length of the longest common subsequence of every pair of tails. */
function commonLengths(a: string[], b: string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i]![j] = a[i] === b[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
  return table;
}
