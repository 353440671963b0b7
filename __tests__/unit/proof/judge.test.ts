import { expect, test } from '@jest/globals';
import type { IndexEntry } from '../../../src/bag/index-entry.ts';
import { judge } from '../../../src/proof/compare-files.ts';
import type { StateDifference } from '../../../src/restore/prove-state.ts';

const entry = (path: string, user: string, disposition: IndexEntry['disposition'] = 'keep'): IndexEntry => ({
  path,
  kind: 'file',
  mode: '0644',
  uid: 1,
  gid: 1,
  user,
  group: user,
  size: 1,
  mtime: '1',
  disposition,
  rule: 'unowned/operation',
  why: '',
  origin: 'operation',
});

/** What a difference of a living service means: a service writes, but it loses nothing and gives nothing away. */
test.each([
  ['/srv/data.txt', 'ana', 'owner', 'differs'],
  ['/srv/data.txt', 'ana', 'mode', 'differs'],
  ['/srv/data.txt', 'ana', 'presence', 'differs'],
  ['/srv/data.txt', 'ana', 'content', 'differs'],
  ['/srv/data.txt', 'ana', 'mtime', undefined],
  ['/srv/app.db', 'www-data', 'content', 'explained'],
  ['/srv/app.db', 'www-data', 'presence', 'differs'],
  ['/srv/app.db-wal', 'www-data', 'presence', 'explained'],
  ['/etc/app.conf', 'www-data', 'content', 'differs'],
  ['/var/lib/app/state', 'root', 'content', 'explained'],
  ['/var/lib/app/state', 'root', 'owner', 'differs'],
  ['/var/log/app.log', 'root', 'content', 'explained'],
  ['/var/log/app.log.1', 'root', 'presence', 'explained'],
  ['/var/spool/cron/crontabs/ana', 'ana', 'presence', 'differs'],
  ['/var/spool/cron/crontabs/root', 'root', 'content', 'differs'],
  ['/var/spool/cron/atjobs/a0001', 'ana', 'presence', 'explained'],
  ['/var/spool/postfix/deferred/7', 'postfix', 'presence', 'explained'],
  ['/var/mail/ana', 'ana', 'presence', 'differs'],
  ['/var/mail/ana', 'ana', 'content', 'explained'],
  ['/var/mail/vhosts/ana/new/1', 'vmail', 'presence', 'explained'],
] as const)('%s of %s: another %s is %s', (path, user, attribute, verdict) => {
  const difference: StateDifference = { path, attribute, was: 'a', is: 'b' };
  expect(judge(difference, entry(path, user), new Set(['www-data']))[0]?.verdict).toBe(verdict);
});

test('of packaged files with another mode or owner only those count', () => {
  const packaged = entry('/usr/bin/tool', 'root', 'attributes');
  expect(judge({ path: '/usr/bin/tool', attribute: 'content', was: 'a', is: 'b' }, packaged, new Set())).toEqual([]);
  expect(judge({ path: '/usr/bin/tool', attribute: 'mode', was: 'a', is: 'b' }, packaged, new Set())).toHaveLength(1);
});
