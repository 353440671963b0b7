import { expect, test } from '@jest/globals';
import type { IndexEntry } from '../../../src/bag/index-entry.ts';
import type { Counts } from '../../../src/bag/manifest.ts';
import { reconciledIndex } from '../../../src/bag/reconcile-index.ts';
import { tinyCounts, tinyIndex } from '../../support/tiny-bag.ts';

const whole = tinyIndex();

/** What the payload has of an index that is right. */
function membersOf(index: IndexEntry[]) {
  const inPayload = index.filter(each => ['keep', 'record'].includes(each.disposition));
  const found = new Map(
    inPayload.map(({ path, kind, size, target, hardlink, sha256 }) => [
      path,
      hardlink
        ? { kind: 'hardlink' as const, size: 0, linkTarget: hardlink.slice(1) }
        : { kind: kind as 'file', size, linkTarget: target ?? '', sha256 },
    ]),
  );
  return { count: found.size, get: (path: string) => found.get(path), found };
}

async function said(index: IndexEntry[], members = membersOf(whole), counts: Counts = tinyCounts(whole)) {
  const passed: IndexEntry[] = [];
  try {
    for await (const each of reconciledIndex(index, members, counts)) passed.push(each);
    return passed;
  } catch (error) {
    return (error as Error).message;
  }
}

test('an index that agrees passes as it is', async () => {
  expect(await said(whole)).toEqual(whole);
});

const file = whole.findIndex(each => each.kind === 'file' && each.sha256);
const changed = (change: Partial<IndexEntry>) => whole.map((each, at) => (at === file ? { ...each, ...change } : each));

test.each<[string, IndexEntry[], RegExp]>([
  ['another digest', changed({ sha256: '0'.repeat(64) }), /has not the sha256/],
  ['another size', changed({ size: 12345 }), /12345 in the index/],
  ['another kind', changed({ kind: 'fifo' }), /is a file in the payload, a fifo/],
  ['a kept path less', whole.filter((_, at) => at !== file), /the payload has \d+ members, the index keeps/],
  ['a kept path that is left', changed({ disposition: 'leave' }), /in the payload, but the index says "leave"/],
  ['another order', whole.toReversed(), /not in its place/],
])('%s is refused', async (_, index, message) => {
  expect(await said(index)).toMatch(message);
});

test('a path that is missing in the payload, or is there twice, is refused', async () => {
  const members = membersOf(whole);
  members.found.delete(whole[file]!.path);
  expect(await said(whole, members)).toMatch(/is kept by the index, but not in the payload/);
  expect(await said(whole, { ...membersOf(whole), count: membersOf(whole).count + 1 })).toMatch(/members/);
});

test('counts of the manifest that are wrong are refused', async () => {
  const counts = { ...tinyCounts(whole), keptBytes: 1 };
  expect(await said(whole, undefined, counts)).toMatch(/the manifest counts 1 \(keptBytes\)/);
});
