import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasProgram, startDetached, tryRun } from '../command.ts';
import { aptInstall } from './apt.ts';
import { WORK } from './paths.ts';

/** Where the id of a dockerd that we started is kept, so that `.ci/run` can stop it. */
const PID_FILE = join(WORK, 'dockerd.pid');
const LOG = join(WORK, 'dockerd.log');

/** True when a Docker-compatible engine answers (docker with whatever DOCKER_HOST says). */
export function engineAnswers(): boolean {
  return tryRun('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 20 }).code === 0;
}

/**
 * Sees to it that `docker` answers: installs docker.io where there is none and starts dockerd by hand where no service
 * manager did. Needs root. Throws with the end of dockerd's log when it does not come up within a minute.
 */
export async function provideEngine(): Promise<void> {
  if (!hasProgram('docker') || !hasProgram('dockerd')) aptInstall(['docker.io', 'iptables', 'ca-certificates']);
  if (engineAnswers()) return; // the package's own service came up
  const pid = startDetached('dockerd', [], LOG);
  mkdirSync(WORK, { recursive: true });
  writeFileSync(PID_FILE, `${pid}\n`);
  for (let tries = 0; tries < 60; tries++) {
    if (engineAnswers()) return;
    await sleep(1000);
  }
  throw new Error(
    `dockerd did not answer within 60 s; the end of ${LOG}:\n${tryRun('tail', ['-n', '15', LOG]).stdout}`,
  );
}
