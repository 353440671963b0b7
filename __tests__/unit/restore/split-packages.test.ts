import { describe, expect, test } from '@jest/globals';
import { findLostPrograms } from '../../../src/restore/split-packages.ts';

const process = (program: string, name?: string, script?: { program: string; package: string }) => ({
  program,
  package: name,
  argv: [],
  parent: 0,
  pid: 1,
  user: 'root',
  ...(script && { script }),
});
const PACKAGES = [
  { name: 'samba', source: 'samba' },
  { name: 'ntp', source: 'ntp' },
  { name: 'labd2', source: 'labd2' },
];
const manifest = (...processes: ReturnType<typeof process>[]) =>
  ({ service: { processes }, system: { packages: PACKAGES } }) as unknown as Parameters<typeof findLostPrograms>[0];

const PLAN = {
  resolutions: [
    { old: 'samba', new: 'samba', how: 'same', why: '' },
    { old: 'ntp', new: 'ntpsec', how: 'provides', why: '' },
    { old: 'labd2', new: 'labd2', how: 'same', why: '' },
  ],
  substitutions: [{ stem: 'labd', old: '2', new: '3' }],
} as unknown as Parameters<typeof findLostPrograms>[1];

const lost = (programs: ReturnType<typeof process>[], { has = [] as string[], installed = true } = {}) =>
  findLostPrograms(manifest(...programs), PLAN, {
    isInstalled: () => installed,
    has: program => has.includes(program),
  });

describe('a program that ran, and that its package has no more', () => {
  const samba = process('/usr/sbin/samba', 'samba');

  test('is looked for once, in the packages of its source', () => {
    expect(lost([samba, samba])).toEqual([{ program: '/usr/sbin/samba', package: 'samba', source: 'samba' }]);
  });

  test('is looked for, too, where an interpreter ran it', () => {
    const script = { program: '/usr/sbin/sambad', package: 'samba' };
    expect(lost([process('/usr/bin/perl', 'perl-base', script)], { has: ['/usr/bin/perl'] })).toEqual([
      { program: '/usr/sbin/sambad', package: 'samba', source: 'samba' },
    ]);
    expect(lost([process('/usr/bin/perl', 'perl-base', script)], { has: ['/usr/sbin/sambad'] })).toEqual([]);
  });

  test('is not lost where today’s system has it, or its package is another one or gone itself', () => {
    expect(lost([samba], { has: ['/usr/sbin/samba'] })).toEqual([]);
    expect(lost([samba], { installed: false })).toEqual([]);
    expect(lost([process('/usr/sbin/ntpd', 'ntp')])).toEqual([]);
  });

  test('the owner’s own programs, those out of the way, and names with a version are left', () => {
    expect(lost([process('/usr/sbin/samba'), process('/usr/lib/samba/helper', 'samba')])).toEqual([]);
    expect(lost([process('/usr/bin/samba4.13', 'samba'), process('/usr/sbin/$(touch x)', 'samba')])).toEqual([]);
    expect(lost([process('/usr/sbin/labd2', 'labd2')])).toEqual([]);
  });
});
