import { describe, expect, test } from '@jest/globals';
import { changedDatabase } from '../../../src/detect/scan-again.ts';
import type { WalkEntry } from '../../../src/detect/walk.ts';

const entry = (path: string, ctime = '1', kind: WalkEntry['kind'] = 'file'): [string, WalkEntry] => [
  path,
  { path, kind, mode: 0o644, uid: 0, gid: 0, size: 1, links: 1, mtime: '1', ctime, target: '' },
];
const BEFORE = new Map([
  entry('/var/lib/dpkg/status'),
  entry('/var/lib/dpkg/alternatives', '1', 'directory'),
  entry('/var/lib/dpkg/alternatives/editor'),
  entry('/etc/passwd'),
]);

describe('what of a package database changed', () => {
  test('is nothing when only other paths changed', () => {
    const now = new Map([...BEFORE, entry('/etc/passwd', '2'), entry('/var/lib/dpkg/status-old')]);
    expect(changedDatabase(BEFORE, now)).toEqual([]);
  });

  test('is a file with another time of change, one that came below a folder, and one that is gone', () => {
    expect(changedDatabase(BEFORE, new Map([...BEFORE, entry('/var/lib/dpkg/status', '2')]))).toEqual([
      'var/lib/dpkg/status',
    ]);
    const come = new Map([...BEFORE, entry('/var/lib/dpkg/alternatives/pager'), entry('/var/lib/dpkg/diversions')]);
    expect(changedDatabase(BEFORE, come)).toEqual(['var/lib/dpkg/diversions', 'var/lib/dpkg/alternatives']);
    const gone = new Map([...BEFORE].filter(([path]) => !path.endsWith('/editor')));
    expect(changedDatabase(BEFORE, gone)).toEqual(['var/lib/dpkg/alternatives']);
  });
});
