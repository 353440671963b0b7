/*
 * node bench/run.ts [rounds]
 *
 * Prints Markdown tables of medians and ratios, all taken in this run: trust the ratios, not the seconds.
 */
import { carryContenders, detectContenders } from './detect.ts';
import { compare, table } from './harness.ts';
import { removeContainer, startSambaContainer } from './samba-container.ts';

const rounds = Number(process.argv[2] ?? 7);
const container = startSambaContainer('perennial-bench-samba');
try {
  console.log(table('Finding what changed', await compare(detectContenders(container), rounds), 'bytes'));
  console.log(table('Carrying it away', await compare(carryContenders(container), Math.min(rounds, 3)), 'bytes'));
} finally {
  removeContainer(container);
}
