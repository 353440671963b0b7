import { expect, test } from '@jest/globals';
import type { IndexEntry } from '../../../src/bag/index-entry.ts';
import { unpackLists } from '../../../src/plan/unpack-lists.ts';

const SHA256 = 'a'.repeat(64);
const entry = (changes: Partial<IndexEntry>): IndexEntry => ({
  ...{ path: '/srv/a.js', kind: 'file', mode: '0640', uid: 1000, gid: 1000, user: 'svc', group: '', size: 1 },
  ...{ mtime: '5.25', sha256: SHA256, disposition: 'leave', rule: 'language/npm', why: '', origin: 'operation' },
  ...changes,
});

test('archives, and the files that are unpacked of them', () => {
  const index = [
    entry({ path: '/root/x.tgz', disposition: 'keep', rule: 'language/archive' }),
    entry({}),
    entry({ path: '/srv/b c.rb', rule: 'language/gem', user: 'two words', mtime: '' }),
    entry({ path: '/srv/pip.py', rule: 'language/pip' }),
    entry({ path: '/srv/edited.js', disposition: 'keep', rule: 'language/edited' }),
    entry({ path: '/srv/a\tb.js' }),
    entry({ path: '/srv/a\nb.js' }),
  ];
  expect(unpackLists(index)).toEqual({
    archives: '/root/x.tgz\n',
    unpacked: `${SHA256}\t0640\tsvc:1000\t5.25\t/srv/a.js\n${SHA256}\t0640\t1000:1000\t0\t/srv/b c.rb\n`,
  });
  expect(unpackLists([])).toEqual({ archives: '', unpacked: '' });
});
