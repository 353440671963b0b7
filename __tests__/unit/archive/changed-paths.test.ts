import { expect, test } from '@jest/globals';
import { changedPaths, vanishedPaths } from '../../../src/archive/payload.ts';

/* Messages of GNU tar 1.34 and 1.35 with LC_ALL=C. */
test.each<[string, string, string[]]>([
  ['a file that grew', 'tar: ./srv/a b: file changed as we read it', ['/srv/a b']],
  ['a file that shrank', 'tar: ./srv/a: File shrank by 10 bytes; padding with zeros', ['/srv/a']],
  [
    'names with a newline, a backslash and an umlaut',
    'tar: ./srv/a\\nb\\\\c\\303\\244: file changed as we read it',
    ['/srv/a\nb\\cä'],
  ],
  ['a byte that is no UTF-8', 'tar: ./srv/\\377: file changed as we read it', ['/srv/\udcff']],
  ['a colon in the name', 'tar: ./a: b: file changed as we read it', ['/a: b']],
  ['other messages', 'tar: ./srv/x: Cannot open: Permission denied\ntar: Exiting with failure status', []],
])('%s', (_, said, paths) => {
  expect(changedPaths(`${said}\n`)).toEqual(paths);
});

test.each<[string, string, string[]]>([
  ['removed before it was opened', 'tar: ./srv/a b: Cannot stat: No such file or directory', ['/srv/a b']],
  ['removed while its folder was read', 'tar: ./srv/a: File removed before we read it', ['/srv/a']],
  ['something else', 'tar: ./srv/a: Cannot open: Permission denied', []],
])('vanished: %s', (_, said, paths) => {
  expect(vanishedPaths(`${said}\n`)).toEqual(paths);
});
