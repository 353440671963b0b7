import { describe, expect, test } from '@jest/globals';
import { isLinkSet, type LinkSetOptions, type LinkSets, makeLinkSetsEqual } from '../../../src/plan/link-sets.ts';

type Plain = Record<string, Record<string, string>>;
const sets = (plain: Plain): LinkSets =>
  new Map(Object.entries(plain).map(([dir, links]) => [dir, new Map(Object.entries(links))]));
const names = (changes: { dir: string; name: string }[]) => changes.map(each => `${each.dir}/${each.name}`);
const run = (old: Plain, fresh: Plain, image?: Plain, options: LinkSetOptions = {}) =>
  makeLinkSetsEqual(sets(old), sets(fresh), { ...options, ...(image && { oldImage: sets(image) }) });
const sites = '/etc/nginx/sites-enabled';
const link = '../sites-available/x';

describe('makeLinkSetsEqual', () => {
  test.each([
    ['the owner’s link is added', { [sites]: { app: link } }, {}, { [sites]: {} }, [`${sites}/app`], []],
    ['a link that is there stays', { [sites]: { app: link } }, { [sites]: { app: link } }, { [sites]: {} }, [], []],
    [
      'a removed link is removed',
      { [sites]: {} },
      { [sites]: { default: link } },
      { [sites]: { default: link } },
      [],
      [`${sites}/default`],
    ],
    [
      'a whole emptied directory',
      {},
      { [sites]: { default: link } },
      { [sites]: { default: link } },
      [],
      [`${sites}/default`],
    ],
    ['the new system’s own links stay', { [sites]: {} }, { [sites]: { fresh: link } }, { [sites]: {} }, [], []],
    [
      'what image and old had and the new dropped stays dropped',
      { [sites]: { d: link } },
      {},
      { [sites]: { d: link } },
      [],
      [],
    ],
    [
      'another target',
      { [sites]: { d: '/srv/mine' } },
      { [sites]: { d: link } },
      { [sites]: { d: link } },
      [`${sites}/d`],
      [`${sites}/d`],
    ],
    [
      'rc: number differs, same switch',
      { '/etc/rc2.d': { K01cron: '../init.d/cron' } },
      { '/etc/rc2.d': { S03cron: '../init.d/cron' } },
      { '/etc/rc2.d': { S01cron: '../init.d/cron' } },
      ['/etc/rc2.d/K01cron'],
      ['/etc/rc2.d/S03cron'],
    ],
    ['directories that are no sets', { '/etc/x': { a: link } }, {}, { '/etc/x': {} }, [], []],
    [
      'without the image: added, never removed',
      { [sites]: { app: link } },
      { [sites]: { other: link } },
      undefined,
      [`${sites}/app`],
      [],
    ],
    ['a name that is no name', { [sites]: { '../../passwd': link } }, {}, { [sites]: {} }, [], []],
  ])('%s', (_, old, fresh, image, add, remove) => {
    const plan = run(old as Plain, fresh as Plain, image as Plain | undefined);
    expect([names(plan.add), names(plan.remove)]).toEqual([add, remove]);
  });

  test('PHP of another version: paths mapped, order number free, relative and absolute targets', () => {
    const dir = '/etc/php/7.4/fpm/conf.d';
    const calendar = '/etc/php/7.4/mods-available/calendar.ini';
    const plan = run(
      { [dir]: { '30-lab.ini': '/etc/php/7.4/mods-available/lab.ini', '40-rel.ini': '../../mods-available/rel.ini' } },
      { '/etc/php/8.4/fpm/conf.d': { '25-calendar.ini': calendar.replace('7.4', '8.4') } },
      { [dir]: { '20-calendar.ini': calendar } },
      { mapPath: path => path.replaceAll('7.4', '8.4') },
    );
    expect(plan.add.map(each => [each.dir, each.name, each.target])).toEqual([
      ['/etc/php/8.4/fpm/conf.d', '30-lab.ini', '/etc/php/8.4/mods-available/lab.ini'],
      ['/etc/php/8.4/fpm/conf.d', '40-rel.ini', '../../mods-available/rel.ini'],
    ]);
    expect(names(plan.remove)).toEqual(['/etc/php/8.4/fpm/conf.d/25-calendar.ini']);
  });

  test('a link that leads nowhere names the package that is likely missing', () => {
    const mods = '/etc/apache2/mods-enabled';
    const plan = run(
      { [mods]: { 'wsgi.load': '../mods-available/wsgi.load', off: '/dev/null' } },
      {},
      { [mods]: {} },
      {
        existsInNew: () => false,
        packageOf: path => (path === '/etc/apache2/mods-available/wsgi.load' ? 'libapache2-mod-wsgi-py3' : undefined),
      },
    );
    expect(plan.dangling).toEqual([
      { dir: mods, name: 'wsgi.load', target: '../mods-available/wsgi.load', package: 'libapache2-mod-wsgi-py3' },
    ]);
    expect(plan.add).toHaveLength(2);
  });

  test('without the image, links that only the new system has are noted', () => {
    expect(run({ [sites]: { a: link } }, { [sites]: { b: link } }).notes).toHaveLength(1);
  });
});

test.each([
  ['/etc/apache2/mods-enabled', true],
  ['/etc/rc2.d', true],
  ['/etc/rcS.d', true],
  ['/etc/systemd/system/multi-user.target.wants', true],
  ['/etc/php/7.4/fpm/conf.d', true],
  ['/etc/apache2/conf.d', false],
  ['/etc/mysql/conf.d', false],
  ['/etc/apache2/mods-available', false],
])('isLinkSet %s: %s', (dir, expected) => {
  expect(isLinkSet(dir)).toBe(expected);
});
