import { describe, expect, test } from '@jest/globals';
import type { IndexEntry } from '../../../src/bag/index-entry.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { explainPath } from '../../../src/report/explain-path.ts';
import { planText } from '../../../src/report/plan-text.ts';
import { explainNotInBag, explainUnlisted, type UnlistedPath } from '../../../src/report/unlisted-path.ts';

const entry = (changes: Partial<IndexEntry>): IndexEntry => ({
  ...{ path: '/srv/x', kind: 'file', mode: '0644', uid: 0, gid: 0, user: 'root', group: 'root', size: 1, mtime: '1' },
  ...{ disposition: 'keep', rule: 'unowned/operation', why: 'no package ships it', origin: 'operation' },
  ...changes,
});

describe('explainPath', () => {
  test('kept, with who saw it and how to leave it', () => {
    expect(explainPath(entry({ package: 'p', seenBy: ['walk', 'package-digest'] }))).toBe(
      [
        '/srv/x',
        '  kept: no package ships it',
        '  rule unowned/operation; package p; seen by walk, package-digest',
        "  to leave it: exclude: ['/srv/x']",
      ].join('\n'),
    );
  });

  test.each<[IndexEntry['disposition'], string, string]>([
    ['keep', 'kept', 'to leave it'],
    ['attributes', 'attributes kept', 'to leave it'],
    ['record', 'kept as records', 'to leave it'],
    ['delete', 'deletion kept', 'to leave it'],
    ['leave', 'left out', 'to keep it'],
    ['parent', 'structure only', 'to keep it'],
  ])('%s', (disposition, words, way) => {
    const text = explainPath(entry({ disposition }));
    expect(text).toContain(`  ${words}: `);
    expect(text).toContain(`  ${way}: `);
  });

  const facts = { exists: true, inImage: true, package: undefined, rule: undefined, mounts: [] };
  const volume = { destination: '/data', kept: true, why: 'volumes hold data' };
  const tmpfs = { destination: '/data/tmp', kept: false, why: 'a tmpfs is empty after every restart' };
  test.each<[string, UnlistedPath, RegExp]>([
    [
      'a packaged path',
      explainUnlisted('/usr/bin/x', { ...facts, package: 'p' }),
      /left out: p ships it .*\n {2}rule package\/unchanged; package p\n {2}to keep it: include: \['\/usr\/bin\/x'\]$/,
    ],
    [
      'a path that a rule matches',
      explainUnlisted('/proc/1', {
        ...facts,
        exists: false,
        rule: { id: 'engine/kernel-trees', reason: 'the kernel provides it' },
      }),
      /left out: the kernel provides it\n {2}rule engine\/kernel-trees/,
    ],
    [
      'one in a nested mount that is not read',
      explainUnlisted('/data/tmp/x', { ...facts, mounts: [volume, tmpfs] }),
      /lies in the mount \/data\/tmp, .*: a tmpfs is empty.*\n.*mount\/not-read\n.*cannot change that/,
    ],
    [
      'one that is not there',
      explainUnlisted('/srv/x', { ...facts, exists: false, inImage: false }),
      /does not exist in the container$/,
    ],
    [
      'one that went with its package',
      explainUnlisted('/usr/bin/x', { ...facts, exists: false }),
      /removed it with its package$/,
    ],
    [
      'a path that a bag does not list',
      explainNotInBag('/usr/bin/x', [], undefined),
      /left out: not listed; .*\n {2}to keep it: include/,
    ],
    [
      'one below a mount that was not read',
      explainNotInBag('/data/tmp', [volume, tmpfs], undefined),
      /lies in the mount \/data\/tmp/,
    ],
  ])('%s without an entry', (_, told, text) => {
    expect(explainPath(told)).toMatch(text);
  });

  test('a name cannot write on the terminal', () => {
    expect(explainPath(entry({ path: '/srv/\x1b[2J\nx' }))).not.toMatch(/\x1b|\nx/);
  });
});

describe('planText', () => {
  const os = { id: 'debian', idLike: [], versionId: '11', codename: 'bullseye', prettyName: 'Debian 11' };
  const plan = {
    ...{ service: 'lab\x1b[31m', base: 'debian:trixie', from: os, to: { ...os, prettyName: 'Debian 13' } },
    steps: [
      { stage: 'base', what: 'start from x', why: 'it is new', rule: 'base' },
      { stage: 'state', what: 'put back\n3 paths', why: 'data', rule: 'payload' },
    ],
    notes: ['look at this'],
    dockerfile: { text: '', generated: false, diff: '-FROM a\n+FROM b\n', buildArgs: {} },
  } as unknown as Plan;

  test('steps in order with their reasons, notes, and the Dockerfile’s change', () => {
    expect(planText(plan)).toBe(
      [
        'Plan: lab\\x1b[31m, Debian 11 -> Debian 13 (debian:trixie)',
        '  1. [base] start from x',
        '       it is new (base)',
        '  2. [state] put back\\x0a3 paths',
        '       data (payload)',
        'Notes:',
        '  - look at this',
        'Dockerfile:',
        '-FROM a',
        '+FROM b',
      ].join('\n'),
    );
  });

  test('nothing to note, nothing rewritten', () => {
    const quiet = planText({ ...plan, notes: [], dockerfile: { ...plan.dockerfile, diff: '' } });
    expect(quiet).not.toMatch(/Notes|Dockerfile/);
  });
});
