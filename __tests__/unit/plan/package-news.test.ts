import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { newsSince, parsePackageNews } from '../../../src/plan/package-news.ts';
import { tinyPackage } from '../../support/tiny-bag.ts';

/** /usr/share/doc/squid/NEWS.Debian.gz of Debian 13. */
const squid = () => readFile('__tests__/captured/plan/squid-NEWS.Debian', 'utf8');

test('entries of a real file: version, day, text without its margin', async () => {
  const entries = parsePackageNews(await squid());
  expect(entries.map(each => `${each.source} ${each.version} ${each.date}`)).toEqual([
    'squid 6.12-1 2024-10-28',
    'squid 5.1-2 2021-09-15',
    'squid 4.13-9 2021-03-22',
    'squid 4.13-6 2021-03-04',
    'squid 4.13-2 2021-02-07',
  ]);
  expect(entries[0]!.text).toBe(
    'Due to multiple security issues the ESI (Edge Side Includes) feature\n' +
      'has been disabled in this version of Squid. Upstream will be removing\n' +
      'the feature completely in upcoming releases.',
  );
});

test('what is no entry is passed over, one that breaks off too', () => {
  expect(parsePackageNews('')).toEqual([]);
  expect(parsePackageNews('\u0000\u001b[31m\n -- A <a@b.org>  no date\n')).toEqual([]);
  expect(parsePackageNews('a (1-1) unstable; urgency=low\n\n  cut off')).toEqual([]);
  const [one] = parsePackageNews('a (1-1) unstable; urgency=low\n\n  x\n    y\n\n -- A <a@b.org>  one day\n');
  expect(one).toEqual({ source: 'a', version: '1-1', date: '', text: 'x\n  y' });
});

test('only what is newer than the old version, once, also of a package with another name now', async () => {
  const entries = parsePackageNews(await squid());
  const told = new Map([
    ['squid', entries],
    ['squid-common', entries],
    ['squid-new', parsePackageNews('b (3-1) unstable; urgency=low\n\n  b\n\n -- A <a@b.org>  x\n')],
    ['fresh', entries],
  ]);
  const old = [
    tinyPackage('squid', '4.13-10'),
    tinyPackage('squid-common', '4.13-10'),
    tinyPackage('squid-old', '2-1'),
  ];
  const news = newsSince(told, old, new Map([['squid-old', 'squid-new']]));
  expect(news.map(each => `${each.source} ${each.version}`)).toEqual(['b 3-1', 'squid 6.12-1', 'squid 5.1-2']);
  expect(newsSince(told, [tinyPackage('squid', '6.12-1')], new Map())).toEqual([]);
  const split = [tinyPackage('squid', '6.12-1'), tinyPackage('squid3', '3.5-1')];
  expect(newsSince(told, split, new Map([['squid3', 'squid']]))).toEqual([]); // what stood there under this name
});
