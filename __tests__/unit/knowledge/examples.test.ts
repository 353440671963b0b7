import { describe, expect, test } from '@jest/globals';
import { compileGlobs } from '../../../src/classify/rule.ts';
import { readServices } from '../../../src/knowledge/read-services.ts';
import type { Difference } from '../../../src/knowledge/service.ts';
import { mendLine } from '../../../src/restore/check-service.ts';
import { rewriteLines } from '../../../src/restore/differences.ts';

/* The examples of knowledge/services/*.yml, carried out. Programs (`run`) have theirs in integration/knowledge-programs.test.ts. */

const services = await readServices();
const differences = services.flatMap(({ id, differences: all }) =>
  all.map(each => [`${id}/${each.id}`, each] as const),
);

describe.each(differences)('%s', (_, difference) => {
  test('says by an example what it does', () => {
    expect(difference.examples.length > 0 || (difference.example ?? '').length > 0).toBe(true);
    if (difference.rewrite || difference.move || difference.skip) expect(difference.examples).not.toEqual([]);
  });

  const files = difference.examples.flatMap(each => ('file' in each && difference.rewrite ? [each] : []));
  if (difference.rewrite)
    test('rewrites something in its examples', () => expect(files.some(each => each.before !== each.after)).toBe(true));
  for (const { file, before, after } of files)
    test(`rewrites ${file}`, () => expect(rewriteAll(difference, file, before ?? '')).toBe(after));

  for (const each of difference.examples) {
    if ('path' in each)
      test(`${each.path} -> ${each.becomes}`, () => expect(place(difference, each.path)).toBe(each.becomes));
  }
});

function rewriteAll(difference: Difference, file: string, text: string): string {
  const mine = difference.rewrite!.filter(each => compileGlobs(each.files)(file));
  return mine.reduce(rewriteLines, text);
}

function place(difference: Difference, path: string): string | null {
  if (difference.skip && compileGlobs(difference.skip)(path)) return null;
  const move = Object.entries(difference.move ?? {}).find(([from]) => path === from || path.startsWith(`${from}/`));
  return move ? move[1] + path.slice(move[0].length) : path;
}

const mends = services.flatMap(({ id, checks }) =>
  checks.flatMap(check => check.mends.map(mend => [`${id}/${check.id} ${mend.pattern}`, mend, check.mends] as const)),
);

describe.each(mends)('%s', (_, mend, all) => {
  test('has an example of what the checker says', () => expect(mend.examples.some(each => each.line)).toBe(true));

  test.each(mend.examples)('$said', ({ said, line, becomes }) => {
    const first = all.find(each => new RegExp(each.pattern).test(said));
    if (line === undefined) return expect(first).toBeUndefined();
    expect(first).toBe(mend);
    const groups = new RegExp(mend.pattern).exec(said)!.groups!;
    expect(mendLine(line, mend, groups)).toBe(becomes);
    if (groups.directive && mend.action === 'comment-directive') expect(line).toContain(groups.directive);
  });
});
