import { describe, expect, test } from '@jest/globals';
import { findOddLines, formatAccounts, parseAccounts } from '../../../src/system/accounts.ts';

const none = { passwd: [], group: [], shadow: [], gshadow: [], subuid: [], subgid: [] };
const alice = { name: 'alice', password: 'x', uid: 1000, gid: 1000, gecos: '', home: '/home/alice', shell: '/bin/sh' };

describe('parseAccounts', () => {
  test.each([
    ['a plain line', 'alice:x:1000:1000::/home/alice:/bin/sh\n', [alice]],
    ['no newline at the end', 'alice:x:1000:1000::/home/alice:/bin/sh', [alice]],
    ['blank lines, comments, blanks before the name', '\n# c\n  \n  alice:x:1000:1000::/home/alice:/bin/sh\n', [alice]],
    ['NIS lines', '+::::::\n-bob\n+@net:x:1:1:::\nalice:x:1000:1000::/home/alice:/bin/sh\n', [alice]],
    ['a short line with its numbers', 'alice:x:1000:1000\n', [{ ...alice, home: '', shell: '' }]],
    ['no uid', 'alice:x::1000::/:\n', []],
    ['negative uid', 'alice:x:-1:1000::/:\n', []],
    ['the id that means none', 'alice:x:4294967295:1::/:\n', []],
    ['one field', 'alice\n', []],
    ['no name', ':x:1:1::/:\n', []],
    ['duplicates stay', 'alice:x:1000:1000::/home/alice:/bin/sh\n'.repeat(2), [alice, alice]],
    [
      'the largest id',
      'a:x:4294967294:0:::\n',
      [{ ...alice, name: 'a', uid: 4294967294, gid: 0, home: '', shell: '' }],
    ],
  ])('passwd: %s', (_, text, passwd) => {
    expect(parseAccounts({ passwd: text })).toEqual({ ...none, passwd });
  });

  test('the other databases', () => {
    const read = parseAccounts({
      group: 'lab:x:2001:alice, bob,,\nempty:x:5:\nshort:x:6\n',
      shadow: 'alice:$6$h:19000:0:99999:7:::\nbob:!\nodd\n',
      gshadow: 'lab:!:alice:alice,bob\n',
      subuid: 'alice:100000:65536\nbroken:1\n',
      subgid: Buffer.from('1000:100000:65536\n'),
    });
    expect(read.group).toEqual([
      { name: 'lab', password: 'x', gid: 2001, members: ['alice', 'bob'] },
      { name: 'empty', password: 'x', gid: 5, members: [] },
      { name: 'short', password: 'x', gid: 6, members: [] },
    ]);
    expect(read.shadow).toEqual([
      { name: 'alice', fields: ['$6$h', '19000', '0', '99999', '7', '', '', ''] },
      { name: 'bob', fields: ['!'] },
    ]);
    expect(read.gshadow).toEqual([{ name: 'lab', fields: ['!', 'alice', 'alice,bob'] }]);
    expect(read.subuid).toEqual([{ name: 'alice', start: 100000, count: 65536 }]);
    expect(read.subgid).toEqual([{ name: '1000', start: 100000, count: 65536 }]);
  });
});

describe('formatAccounts', () => {
  test('gives the bytes back, odd ones too', () => {
    const passwd = Buffer.from('root:x:0:0:R\xf6\xdft,,,:/root:/bin/bash\nünal:x:1000:1000:Ünal:/home/ü:\n', 'latin1');
    const group = 'lab:x:2001:alice,bob\n';
    expect(formatAccounts(parseAccounts({ passwd, group }))).toEqual({ passwd, group: Buffer.from(group) });
  });

  test.each([
    ['newline', { ...none, passwd: [{ ...alice, gecos: 'x\nroot2:x:0:0::/:/bin/sh' }] }],
    ['colon', { ...none, shadow: [{ name: 'a:b', fields: ['!'] }] }],
    ['no name', { ...none, passwd: [{ ...alice, name: '' }] }],
    ['comma', { ...none, group: [{ name: 'g', password: 'x', gid: 1, members: ['a,root'] }] }],
  ])('refuses a field that would break out of its place: %s', (_, accounts) => {
    expect(() => formatAccounts(accounts)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });
});

test('findOddLines names what was passed over, without what could be a hash', () => {
  expect(findOddLines({ passwd: '+::::::\n# c\n\nroot:x:0:0:::\n', shadow: 'odd\n-bob:$6$secret:\n' })).toEqual([
    { file: 'passwd', name: '+' },
    { file: 'shadow', name: 'odd' },
    { file: 'shadow', name: '-bob' },
  ]);
});
