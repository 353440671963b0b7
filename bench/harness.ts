import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';

/** One way to do a thing: timed from outside, or one that tells its own time. */
export type Contender = {
  name: string;
} & (
  | {
      /** Does it once; what it returns is shown (bytes, paths), not timed. */
      run(): number | undefined | Promise<number | undefined>;
    }
  | {
      /** Does it once and gives the seconds that count. */
      seconds(): number | Promise<number>;
    }
);

export interface Measured {
  name: string;
  /** Seconds, sorted. */
  times: number[];
  median: number;
  /** This median over that of the first contender. */
  ratio: number;
  /** What the last run returned. */
  result: number | undefined;
}

/**
 * Times contenders in pairs: every round runs each of them once, in turns of order, so that what slows the machine slows
 * all of them. `warmUps` rounds before do not count. The first contender is what the ratios are taken against.
 */
export async function compare(contenders: Contender[], rounds = 7, warmUps = 1): Promise<Measured[]> {
  const times = new Map<Contender, number[]>(contenders.map(each => [each, []]));
  const results = new Map<Contender, number | undefined>();
  for (let round = -warmUps; round < rounds; round++) {
    const order = round % 2 === 0 ? contenders : contenders.toReversed();
    for (const contender of order) {
      const { seconds, result } = await time(contender);
      results.set(contender, result);
      if (round >= 0) times.get(contender)!.push(seconds);
    }
  }
  const base = median(times.get(contenders[0]!)!);
  return contenders.map(each => {
    const own = times.get(each)!.toSorted((a, b) => a - b);
    return { name: each.name, times: own, median: median(own), ratio: median(own) / base, result: results.get(each) };
  });
}

async function time(contender: Contender): Promise<{ seconds: number; result: number | undefined }> {
  if ('seconds' in contender) return { seconds: await contender.seconds(), result: undefined };
  const start = performance.now();
  const result = await contender.run();
  return { seconds: (performance.now() - start) / 1000, result };
}

/** The middle value, or the mean of the two middle ones. Throws on none. */
export function median(values: number[]): number {
  if (values.length === 0) throw new Error('No values');
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** A Markdown table: what, median seconds, fastest and slowest, ratio, result. */
export function table(title: string, measured: Measured[], unit = ''): string {
  const rows = measured.map(
    each =>
      `| ${each.name} | ${each.median.toFixed(3)} | ${each.times[0]!.toFixed(3)} to ${each.times.at(-1)!.toFixed(3)} | ` +
      `${each.ratio.toFixed(2)} | ${each.result ?? ''} |`,
  );
  return [
    `### ${title}`,
    '',
    `| way | median s | range s | ratio | ${unit} |`,
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** Runs a shell pipeline of ours (no foreign input in it) and gives the bytes that it prints. Throws when it fails. */
export function bytesOf(pipeline: string, env: Record<string, string> = {}): number {
  const argv = ['-o', 'pipefail', '-c', `{ ${pipeline}; } | wc -c`];
  const done = spawnSync('bash', argv, { env: { ...process.env, ...env }, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${pipeline}: exit ${done.status}\n${done.stderr}`);
  return Number(done.stdout.trim());
}
