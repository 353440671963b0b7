import { describe, expect, test } from '@jest/globals';
import { loggedReason } from '../../../src/restore/logged-reason.ts';

const SAID = `started
==> /var/log/slurm/slurmdbd.log <==
[12:00] MySQL server version is 11
[12:01] fatal: Database schema is too old for this version of Slurm to upgrade.
[12:02] error: later and weaker
==> /var/log/slurm/slurmctld.log <==
[12:00] error: bind: password = geheim
==> /var/log/icinga2/main.txt <==
[12:00] critical/config: no such zone
==> /var/log/syslog <==
labd: fatal: of another`;

describe('what the log of a program says', () => {
  test('is its last fatal line, else its last error', () => {
    expect(loggedReason(SAID, '/usr/sbin/slurmdbd')).toEqual({
      log: '/var/log/slurm/slurmdbd.log',
      line: '[12:01] fatal: Database schema is too old for this version of Slurm to upgrade.',
    });
    expect(loggedReason(SAID, '/usr/lib/icinga2/sbin/icinga2')?.line).toContain('no such zone');
  });

  test('is of a log that is called after it, without its secrets', () => {
    expect(loggedReason(SAID, '/usr/sbin/slurmctld-wlm')?.line).toBe('[12:00] error: bind: password = <hidden>');
    expect(loggedReason(SAID, '/usr/sbin/labd')).toBeUndefined();
    expect(loggedReason(SAID, '')).toBeUndefined();
  });
});
