import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { compareDebianVersions } from '../../../src/plan/debian-version.ts';
import { compareRpmVersions } from '../../../src/plan/rpm-version.ts';

/** What the real programs said (dpkg 1.21.23 --compare-versions, rpm 4.18.0 rpm.vercmp): a, b, -1 | 0 | 1. */
function captured(name: string): [string, string, number][] {
  const text = readFileSync(new URL(`../../captured/plan/${name}`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map(line => line.split('\t'))
    .map(([a, b, order]) => [a!, b!, Number(order)]);
}

const PROGRAMS = [
  { name: 'dpkg-compare-versions.tsv', compare: compareDebianVersions, least: 700 },
  { name: 'rpm-vercmp.tsv', compare: compareRpmVersions, least: 300 },
];

for (const { name, compare, least } of PROGRAMS) {
  test(`agrees with the real program on every pair of ${name}`, () => {
    const pairs = captured(name);
    expect(pairs.length).toBeGreaterThan(least);
    const wrong = pairs.filter(([a, b, order]) => compare(a, b) !== order || compare(b, a) !== (0 - order || 0));
    expect(wrong).toEqual([]);
  });
}
