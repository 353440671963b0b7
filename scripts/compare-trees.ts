/*
 * node scripts/compare-trees.ts [--rootfs] [--accounts A,B] [--ignore mtime,...] [--exclude /proc,...] DIR-A DIR-B
 *
 * Prints `path: attribute: a != b` for every difference. Exit 0 when the trees are equal, 1 when they differ, 2 on bad
 * input.
 */
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Attribute, type CompareOptions, compareTrees } from '../__tests__/support/compare-trees.ts';

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rootfs: { type: 'boolean', default: false },
      accounts: { type: 'string' },
      ignore: { type: 'string', default: '' },
      exclude: { type: 'string', default: '' },
    },
  });
  const [a, b] = positionals;
  if (!a || !b || positionals.length > 2) throw new Error('Give two directories');
  for (const tree of [a, b]) if (!statSync(tree).isDirectory()) throw new Error(`${tree} is not a directory`);
  const options: CompareOptions = {
    rootfs: values.rootfs,
    ignore: values.ignore.split(',').filter(Boolean) as Attribute[],
    exclude: values.exclude.split(',').filter(Boolean),
  };
  const [accountsA, accountsB] = values.accounts?.split(',') ?? [];
  if (accountsA && accountsB) options.accounts = [accountsA, accountsB];
  const differences = compareTrees(a, b, options);
  for (const line of differences) console.log(line);
  process.exitCode = differences.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
