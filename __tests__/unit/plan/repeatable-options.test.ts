import { describe, expect, test } from '@jest/globals';
import type { RunOptions } from '../../../src/engine/engine.ts';
import {
  mountPointsOf,
  namedVolumes,
  overlappingMounts,
  repeatableOptions,
} from '../../../src/plan/repeatable-options.ts';
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

describe('options under which root can put nothing back', () => {
  const noNewPrivileges = { name: 'security-opt', value: 'no-new-privileges' };
  const repeated = (change: Partial<RunOptions>) => {
    const notes: string[] = [];
    return { run: repeatableOptions({ ...run, ...change }, [], notes), notes: notes.join('\n') };
  };

  test('of all capabilities that were dropped, those that a restore needs come back, and are named', () => {
    const { run: now, notes } = repeated({ capDrop: ['ALL'], capAdd: ['CAP_NET_BIND_SERVICE', 'chown'] });
    expect(now.capDrop).toEqual(['ALL']);
    expect(now.capAdd).toEqual([
      'CAP_NET_BIND_SERVICE',
      'chown',
      ...'DAC_OVERRIDE FOWNER FSETID KILL MKNOD SETFCAP SETGID SETUID SYS_CHROOT'.split(' '),
    ]);
    expect(notes).toMatch(/--cap-drop of DAC_OVERRIDE, FOWNER/);
  });

  test('of single ones, too; others stay dropped', () => {
    const { run: now, notes } = repeated({ capDrop: ['NET_RAW', 'CAP_FOWNER', 'setuid'] });
    expect([now.capDrop, now.capAdd]).toEqual([['NET_RAW'], []]);
    expect(notes).toMatch(/--cap-drop of FOWNER, SETUID$/);
    expect(repeated({ capDrop: ['NET_RAW', 'MKNOD'], capAdd: ['CAP_MKNOD'] }).run.capDrop).toEqual([
      'NET_RAW',
      'MKNOD',
    ]);
  });

  test('no-new-privileges takes the rights of root only where the container starts as somebody else', () => {
    for (const user of ['', '0', 'root', '0:0', 'root:adm'])
      expect(repeated({ user, others: [noNewPrivileges] })).toMatchObject({
        run: { others: [noNewPrivileges] },
        notes: '',
      });
    for (const user of ['redis', '1000', '1000:0']) {
      const { run: now, notes } = repeated({ user, others: [noNewPrivileges, { name: 'group-add', value: '4' }] });
      expect(now.others).toEqual([{ name: 'group-add', value: '4' }]);
      expect(notes).toMatch(/: no-new-privileges$/);
    }
  });

  test('a mount that was read-only is writable while it is filled, and named', () => {
    const mount = { type: 'volume' as const, source: 'x', anonymous: false };
    const mounts = [
      { ...mount, destination: '/srv/a', writable: false },
      { ...mount, destination: '/b', writable: false },
    ];
    const notes: string[] = [];
    const now = repeatableOptions({ ...run, mounts }, [{ ...mount, destination: '/srv/a', writable: true }], notes);
    expect(now.mounts?.map(each => [each.destination, each.writable])).toEqual([['/srv/a', true]]);
    expect(notes.join()).toMatch(/: read-only mounts at \/srv\/a$/);
  });

  test('a read-only root is writable, and named', () => {
    const { run: now, notes } = repeated({ readOnly: true });
    expect(now.readOnly ?? false).toBe(false);
    expect(notes).toMatch(/: a read-only root$/);
  });
});

describe('options without a field', () => {
  const option = (name: string, value: string) => ({ name, value });
  const repeated = (...others: { name: string; value: string }[]) => {
    const notes: string[] = [];
    return { others: repeatableOptions({ ...run, others }, [], notes).others, notes: notes.join('\n') };
  };

  test('a health check is repeated, whatever its command is; where logs go is named', () => {
    const check = [option('health-cmd', 'a "b" && $C'), option('health-retries', '2'), option('no-healthcheck', '')];
    expect(repeated(...check)).toEqual({ others: check, notes: '' });
    expect(repeated(option('log-driver', 'syslog')).notes).toMatch(/--log-driver syslog/);
  });

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

describe('volumes in place of mounts', () => {
  const mount = (destination: string, source: string) =>
    ({ type: 'volume', source, destination, writable: true, anonymous: false }) as const;

  test('mount points that had the same volume have one again, the others have one each', () => {
    const old = [mount('/data', 'a'), mount('/srv/b', 'b'), mount('/srv/data', 'a'), mount('/x', '')];
    const points = mountPointsOf(['/data', '/srv/b', '/srv/data', '/x', '/y'], old);
    expect(namedVolumes('new', points).map(each => each.source)).toEqual([
      'new-data',
      'new-srv-b',
      'new-data',
      'new-x',
      'new-y',
    ]);
  });

  test('folders of the host of which one is in the other are named', () => {
    const points = mountPointsOf(['/a', '/b', '/c'], [mount('/a', '/h'), mount('/b', '/h/b'), mount('/c', '/hc')]);
    expect(overlappingMounts(points)).toEqual([expect.stringMatching(/^\/b was a folder of what \/a showed/)]);
  });
});
