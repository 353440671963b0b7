import { describe, expect, test } from '@jest/globals';
import type { RunOptions } from '../../../src/engine/engine.ts';
import { repeatableOptions } from '../../../src/plan/repeatable-options.ts';
import { tinyManifest } from '../../support/tiny-bag.ts';

const run: RunOptions = tinyManifest().service.run;

describe('options that reach the host', () => {
  test.each<[string, Partial<RunOptions>, string]>([
    ['privileged', { privileged: true }, '--privileged'],
    ['the host network', { networkMode: 'host' }, '--network host'],
    ['CAP_SYS_ADMIN', { capAdd: ['CAP_SYS_ADMIN'] }, 'CAP_SYS_ADMIN'],
    ['all capabilities', { capAdd: ['ALL'] }, 'ALL'],
  ])('%s is not repeated from a bag unless it is allowed', (_, change, said) => {
    const notes: string[] = [];
    const safe = repeatableOptions({ ...run, ...change }, [], notes);
    expect(safe).toMatchObject({ privileged: false, networkMode: '', capAdd: [] });
    expect(notes.join()).toContain(said);
    const allowed = repeatableOptions({ ...run, ...change }, [], [], true);
    expect(allowed).toMatchObject(change);
  });

  test('a harmless capability is repeated', () => {
    const notes: string[] = [];
    expect(repeatableOptions({ ...run, capAdd: ['NET_BIND_SERVICE'] }, [], notes).capAdd).toEqual(['NET_BIND_SERVICE']);
    expect(notes).toEqual([]);
  });
});
