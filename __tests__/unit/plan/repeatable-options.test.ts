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
    ['a capability in small letters', { capAdd: ['sys_admin'] }, 'sys_admin'],
    ["the host's clock", { capAdd: ['Cap_Sys_Time'] }, 'Cap_Sys_Time'],
    ['a capability that nobody knows yet', { capAdd: ['SYS_FUTURE'] }, 'SYS_FUTURE'],
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
    expect(repeatableOptions({ ...run, capAdd: ['cap_net_admin'] }, [], notes).capAdd).toEqual(['cap_net_admin']);
    expect(notes).toEqual([]);
  });
});

describe('options without a field', () => {
  const option = (name: string, value: string) => ({ name, value });
  const repeated = (...others: { name: string; value: string }[]) => {
    const notes: string[] = [];
    return { others: repeatableOptions({ ...run, others }, [], notes).others, notes: notes.join('\n') };
  };

  test('what concerns the container alone is repeated', () => {
    const all = [
      option('security-opt', 'no-new-privileges'),
      option('group-add', '4'),
      option('dns-search', 'lab.example'),
    ];
    expect(repeated(...all)).toEqual({ others: all, notes: '' });
  });

  test('limits are named, with the way to set them', () => {
    const { others, notes } = repeated(option('memory', '536870912'), option('cpus', '1.5'));
    expect(others).toBeUndefined();
    expect(notes).toMatch(/--memory 536870912, --cpus 1\.5 \(set them with `docker update`\)/);
  });

  test.each([
    ['security-opt', 'seccomp=unconfined'],
    ['security-opt', 'apparmor=unconfined'],
    ['security-opt', 'no-new-privileges=false'],
    ['pid', 'host'],
    ['gpus', 'all'],
    ['volume', '/:/host'],
    ['group-add', '--privileged'],
  ])('of a bag, --%s %s is not', (name, value) => {
    const { others, notes } = repeated(option(name, value));
    expect(others).toBeUndefined();
    expect(notes).toContain(`--${name} ${value}`);
  });
});
