import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { IndexEntry } from '../../../src/bag/index-entry.ts';
import { diversionCommands, overrideCommands } from '../../../src/plan/override-commands.ts';
import type { DpkgOverrides } from '../../../src/system/system-facts.ts';
import { HOSTILE } from '../../support/hostile-text.ts';
import { tempDir } from '../../support/temp-dir.ts';

const none: DpkgOverrides = { statoverrides: [], diversions: [], alternatives: [], holds: [] };
const dir = tempDir();
const program = join(dir, 'lab-editor');
writeFileSync(program, '');
writeFileSync(join(dir, 'update-alternatives'), '#!/bin/sh\necho "Alternative: /usr/bin/known"\n', { mode: 0o755 });

/** Runs commands of a bag beside functions that only print: an argument each, a blank line after each call. */
function run(commands: string, release = 'true'): string[][] {
  const shown = `show() { printf '%s\\0' "$@"; printf '\\0'; }
attempt() { show "$@"; }
left() { show left; }
same_release() { ${release}; }
`;
  const out = execFileSync('sh', ['-eu', '-s'], {
    input: shown + commands,
    env: { PATH: `${dir}:${process.env.PATH}` },
  }).toString();
  return out
    .split('\0\0')
    .filter(Boolean)
    .map(call => call.split('\0'));
}

describe('diversions', () => {
  test('local ones become commands, with any name', () => {
    const diversions = HOSTILE.filter(Boolean)
      .filter(text => text.isWellFormed())
      .map(text => ({ path: `/usr/${text}`, divertedTo: `/usr/${text}.distrib`, package: ':' }));
    const calls = run(diversionCommands({ ...none, diversions }));
    expect(calls).toEqual(
      diversions.map(({ path, divertedTo }) =>
        'dpkg-divert --quiet --local --rename --divert'.split(' ').concat(divertedTo, '--add', path),
      ),
    );
  });

  test("a package's own are its business", () => {
    expect(diversionCommands({ ...none, diversions: [{ path: '/a', divertedTo: '/b', package: 'dash' }] })).toBe('');
  });
});

describe('overrides', () => {
  test('none give no text', () => {
    expect(overrideCommands(none, new Map())).toBe('');
  });

  test('statoverrides', () => {
    const statoverrides = [{ user: 'root', group: 'lab', mode: '2755', path: "/usr/bin/it's" }];
    expect(run(overrideCommands({ ...none, statoverrides }, new Map()))).toEqual([
      ['dpkg-statoverride', '--force-all', '--update', '--add', 'root', 'lab', '2755', "/usr/bin/it's"],
    ]);
  });

  test.each([
    ['true', [['apt-mark', 'hold', 'samba']]],
    ['false', []],
  ])('holds, when the release is the same: %s', (same, expected) => {
    const commands = overrideCommands({ ...none, holds: ['samba'] }, new Map());
    // its output goes to a log
    expect(run(commands.replaceAll('>apt.log', ''), same)).toEqual(expected);
  });

  const choice = (path: string) => ({
    path,
    priority: 50,
    slaves: [{ name: 'editor.1', link: '/usr/share/man/editor.1', path: '/man' }],
  });
  const alternative = (changes: Partial<DpkgOverrides['alternatives'][number]>) => ({
    ...none,
    alternatives: [
      { name: 'editor', link: '/usr/bin/editor', mode: 'auto' as const, value: '', choices: [], ...changes },
    ],
  });
  const index = (path: string, owner?: string) =>
    new Map([[path, { path, ...(owner ? { package: owner } : {}) } as IndexEntry]]);

  test('an alternative that the owner added, when its program is there', () => {
    const added = overrideCommands(alternative({ choices: [choice(program)] }), index(program));
    expect(run(added)).toEqual([
      [
        'update-alternatives',
        '--quiet',
        '--install',
        '/usr/bin/editor',
        'editor',
        program,
        '50',
        '--slave',
        '/usr/share/man/editor.1',
        'editor.1',
        '/man',
      ],
    ]);
    const gone = overrideCommands(alternative({ choices: [choice('/nowhere')] }), index('/nowhere'));
    expect(run(gone)).toEqual([]);
  });

  test('packages register theirs themselves', () => {
    const choices = [choice(program)];
    expect(overrideCommands(alternative({ choices }), index(program, 'vim'))).toBe('');
    expect(overrideCommands(alternative({ choices }), new Map())).toBe('');
  });

  test('a choice by hand is made again, or said', () => {
    const chosen = (value: string) => run(overrideCommands(alternative({ mode: 'manual', value }), new Map()));
    expect(chosen(program)).toEqual([['update-alternatives', '--quiet', '--set', 'editor', program]]);
    expect(chosen('/nowhere')).toEqual([['left']]);
  });

  test.each(['--help', 'a/b', 'a b', ''])('a name that is none, %j, is left out', name => {
    expect(overrideCommands(alternative({ name, mode: 'manual', value: program }), new Map())).toBe('');
  });
});
