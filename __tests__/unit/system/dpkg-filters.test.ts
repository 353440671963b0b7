import { expect, test } from '@jest/globals';
import { readDpkgFilters } from '../../../src/system/dpkg-filters.ts';
import { SystemFiles } from '../../../src/system/system-files.ts';

function filterOf(options: Record<string, string>) {
  const files = new SystemFiles();
  for (const [path, text] of Object.entries(options)) files.set(path, Buffer.from(text));
  return readDpkgFilters(files);
}

test('without an exclusion there is nothing to ask', () => {
  expect(filterOf({})).toBeUndefined();
  expect(filterOf({ '/etc/dpkg/dpkg.cfg': '# path-exclude=/usr/*\nno-debsig\npath-include=/usr/*\n' })).toBeUndefined();
});

test('of a slim image: documentation but for the copyright, and translations', () => {
  const slim = [
    '# documentation',
    'path-exclude /usr/share/doc/*',
    'path-include /usr/share/doc/*/copyright',
    'path-exclude = "/usr/share/locale/*"',
    'path-include=/usr/share/locale/en*  ',
  ].join('\n');
  const isLeftOut = filterOf({ '/etc/dpkg/dpkg.cfg.d/docker': slim })!;
  expect(isLeftOut('/usr/share/doc/nano/examples/sample.nanorc')).toBe(true); // a star matches slashes
  expect(isLeftOut('/usr/share/doc/nano/copyright')).toBe(false);
  expect(isLeftOut('/usr/share/locale/de/LC_MESSAGES/nano.mo')).toBe(true);
  expect(isLeftOut('/usr/share/locale/en_GB/LC_MESSAGES/nano.mo')).toBe(false);
  expect(isLeftOut('/usr/share/docs')).toBe(false);
});

test('the last one decides: the folder comes before the file, other names in it do not count', () => {
  const isLeftOut = filterOf({
    '/etc/dpkg/dpkg.cfg': 'path-include=/opt/kept',
    '/etc/dpkg/dpkg.cfg.d/one': 'path-exclude=/opt/*',
    '/etc/dpkg/dpkg.cfg.d/one.dpkg-old': 'path-exclude=/srv/*',
  })!;
  expect(isLeftOut('/opt/x')).toBe(true);
  expect(isLeftOut('/opt/kept')).toBe(false);
  expect(isLeftOut('/srv/x')).toBe(false);
});

test.each([
  ['/a?c', '/abc', true],
  ['/a?c', '/ac', false],
  ['/man[1-3]', '/man2', true],
  ['/man[!1-3]', '/man2', false],
  ['/x[[:digit:]_]y', '/x7y', true],
  ['/x[[:digit:]_]y', '/x_y', true],
  ['/x[[:digit:]_]y', '/xay', false],
  ['/x[]]y', '/x]y', true],
  ['/a\\*', '/a*', true],
  ['/a\\*', '/ab', false],
  ['/a.b', '/axb', false],
  ['/a+(b)', '/a+(b)', true],
  ['/open[x', '/open[x', true],
  ['/z[9-0]', '/z9', false],
])('%s against %s', (glob, path, matches) => {
  expect(filterOf({ '/etc/dpkg/dpkg.cfg': `path-exclude=${glob}` })!(path)).toBe(matches);
});
