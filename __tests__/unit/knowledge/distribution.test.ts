import { describe, expect, test } from '@jest/globals';
import {
  defaultBase,
  findRelease,
  isSupported,
  newestRelease,
  parseDistribution,
  releasesBetween,
} from '../../../src/knowledge/distribution.ts';
import { readDistributions } from '../../../src/knowledge/read-distributions.ts';

const all = await readDistributions();
const debian = all.find(({ id }) => id === 'debian')!;
const release = (codename: string) => findRelease(debian, { versionId: '', codename })!;

describe('the newest stable release of the same distribution', () => {
  const table: [string, string, string][] = [
    ['debian', '2026-11-23', 'debian:trixie'],
    ['debian', '2025-08-08', 'debian:bookworm'],
    ['debian', '2025-08-09', 'debian:trixie'],
    ['ubuntu', '2026-11-23', 'ubuntu:26.04'],
    ['ubuntu', '2026-01-01', 'ubuntu:24.04'],
  ];
  test.each(table)('%s on %s: %s', (id, date, image) => {
    expect(defaultBase(all, { id, prettyName: '' }, new Date(date))).toBe(image);
  });
  test('an unknown distribution asks for a base', () => {
    const ask = () => defaultBase(all, { id: 'plan9', prettyName: 'Plan 9' }, new Date());
    expect(ask).toThrow(expect.objectContaining({ code: 'base-unknown', hint: expect.stringContaining('--base') }));
  });
});

test('releases are found by version or by code name', () => {
  expect(findRelease(debian, { versionId: '11', codename: '' })?.codename).toBe('bullseye');
  expect(findRelease(debian, { versionId: '', codename: 'buster' })?.version).toBe('10');
  expect(findRelease(debian, { versionId: '', codename: '' })).toBeUndefined();
});

test('releases in between, oldest first', () => {
  const names = (from: string, to: string) => releasesBetween(debian, release(from), release(to)).map(r => r.codename);
  expect(names('bullseye', 'trixie')).toEqual(['bookworm']);
  expect(names('stretch', 'trixie')).toEqual(['buster', 'bullseye', 'bookworm']);
  expect(names('trixie', 'trixie')).toEqual([]);
  expect(names('trixie', 'bullseye')).toEqual([]);
});

test('support ends', () => {
  expect(isSupported(release('bullseye'), new Date('2026-08-31'))).toBe(true);
  expect(isSupported(release('bullseye'), new Date('2026-09-01'))).toBe(false);
  expect(newestRelease(debian, new Date('1999-01-01'))).toBe(debian.releases[0]);
});

describe('entries that are refused', () => {
  const entry = (releases: string, id = 'x') =>
    `id: ${id}\nname: X\nsource: https://example.org/\nimage: x:{version}\nreleases:\n${releases}`;
  const one = (version: string, released: string) =>
    `  - { version: '${version}', codename: a, released: ${released}, until: 2030-01-01 }\n`;
  const table: [string, string][] = [
    [entry(one('2', '2020-01-01') + one('1', '2019-01-01')), 'oldest release first'],
    [entry(one('1', 'soon')), 'released'],
    [entry('  []'), 'releases'],
    [entry(one('1', '2020-01-01'), 'y'), 'the id is y'],
    [`${entry(one('1', '2020-01-01'))}more: 1\n`, 'more'],
  ];
  test.each(table)('%#: %s', (text, message) => {
    expect(() => parseDistribution(text, 'x.yml')).toThrow(message);
  });
});
