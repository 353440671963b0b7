import { expect, test } from '@jest/globals';
import { compareAccounts } from '../../../src/proof/compare-accounts.ts';
import { findingText, stateAgrees } from '../../../src/proof/finding.ts';
import { parseAccounts } from '../../../src/system/accounts.ts';

const OLD = {
  passwd:
    'root:x:0:0::/root:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nana:x:1000:1000::/home/ana:/bin/bash\n',
  group: 'root:x:0:\nwww-data:x:33:\nlab:x:1001:ana\nana:x:1000:\n',
  shadow: 'root:*:1::::::\nwww-data:*:1::::::\nana:$6$hash:1::::::\n',
};
const old = parseAccounts(OLD);
const image = parseAccounts({
  passwd: OLD.passwd.replace(/^ana.*\n/m, ''),
  group: 'root:x:0:\nwww-data:x:33:\n',
  shadow: OLD.shadow.replace(/^ana.*\n/m, ''),
});

/** One line of one database is replaced (or goes), and what the comparison says of it. */
test.each([
  ['nothing', 'passwd', /$^/, '', []],
  ['a lost person', 'passwd', /^ana.*\n/m, '', ['differs: account ana is missing (was: an account)']],
  [
    'a lost system account',
    'passwd',
    /^www-data.*\n/m,
    '',
    ['differs: account www-data is missing (was: a system account)'],
  ],
  [
    'another shell',
    'passwd',
    /ana:\/bin\/bash/,
    'ana:/bin/sh',
    ['differs: account ana: shell is /bin/sh, was /bin/bash'],
  ],
  ['a lost membership', 'group', /lab:x:1001:ana/, 'lab:x:1001:', ['differs: account ana: groups is ana, was ana lab']],
  [
    'a lost group',
    'group',
    /^lab.*\n/m,
    '',
    ['differs: account ana: groups is ana, was ana lab', 'differs: group lab is missing (was: a group)'],
  ],
  ['a locked account', 'shadow', /ana:\$6/, 'ana:!$6', ['differs: account ana: password is locked, was set']],
  ['another password', 'shadow', /hash/, 'other', ['differs: account ana: password is another password, was set']],
  ['another number', 'passwd', /ana:x:1000:/, 'ana:x:1234:', []],
  [
    "a system account's shell of the new release",
    'passwd',
    /\/usr\/sbin\/nologin/,
    '/bin/false',
    ['explained: account www-data: shell is /bin/false, was /usr/sbin/nologin'],
  ],
] as const)('%s', (_, file, pattern, by, said) => {
  const now = parseAccounts({ ...OLD, [file]: OLD[file].replace(pattern, by) });
  const proof = compareAccounts(old, image, now);
  expect(proof.findings.map(each => `${each.verdict}: ${findingText(each)}`)).toEqual([...said]);
  expect(stateAgrees(proof)).toBe(said.every(each => each.startsWith('explained')));
  expect(JSON.stringify(proof)).not.toMatch(/\$6\$/);
});

test("a system account that the owner had changed is the owner's", () => {
  const changed = parseAccounts({ ...OLD, passwd: OLD.passwd.replace('/usr/sbin/nologin', '/bin/bash') });
  expect(stateAgrees(compareAccounts(changed, image, old))).toBe(false);
});

test('a person that nobody had made, and a withdrawn account', () => {
  const more = parseAccounts({ ...OLD, passwd: `${OLD.passwd}eve:x:1002:1000::/:/bin/sh\n` });
  expect(compareAccounts(old, image, more).findings.map(findingText)).toEqual(['account eve was not there']);
  expect(stateAgrees(compareAccounts(old, image, more))).toBe(false);
  expect(stateAgrees(compareAccounts(old, image, more, new Set(['eve'])))).toBe(true); // as ubuntu is of Ubuntu's images
  const gnats = parseAccounts({ ...OLD, passwd: `${OLD.passwd}gnats:x:41:33::/:/bin/false\n` });
  expect(stateAgrees(compareAccounts(gnats, image, old))).toBe(true);
});

test('a membership that the owner gave a system account is kept, those of the release are its own', () => {
  const given = parseAccounts({ ...OLD, group: OLD.group.replace('lab:x:1001:ana', 'lab:x:1001:ana,www-data') });
  expect(compareAccounts(given, image, old).findings.map(findingText)).toEqual([
    'account www-data: groups is www-data, was lab www-data',
  ]);
  expect(stateAgrees(compareAccounts(given, image, old))).toBe(false);
  expect(stateAgrees(compareAccounts(old, image, given))).toBe(true);
});
