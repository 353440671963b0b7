import { run, tryRun } from '../command.ts';

/** The account that tests use to act as "an ordinary user of the docker group" and for rootless podman. */
export const ORDINARY_USER = 'perennial-tests';

export const provideOrdinaryUser = {
  present: () => tryRun('id', [ORDINARY_USER]).code === 0,
  provide(): void {
    run('groupadd', ['-f', 'docker']);
    // useradd also gives the subordinate ids that rootless podman maps.
    run('useradd', ['-m', '-s', '/bin/bash', '-G', 'docker', ORDINARY_USER]);
  },
};
