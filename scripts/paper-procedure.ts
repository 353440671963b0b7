/*
 * The procedure of the 2016 paper, as it was published, to compare with: a time stamp at the start of operation;
 * `find -newer` with a list of exclusions; a tar of what it finds; and a Dockerfile on the new base whose entry point
 * restores the archive on the first start. In its favour: volumes are looked at too, exclusions know what the engine and
 * the package manager make again, and the start script is handed over although find would have missed it.
 */
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, tryRun } from './command.ts';
import { PAPER, TIMESTAMP } from './demo/old-service.ts';
import { EXAMPLE, systemOf } from './demo/smoke-lines.ts';
import { say, show, timed } from './demo/story.ts';

/** Trees and files that a new system has of its own. */
const EXCLUDED = [
  ...['/proc', '/sys', '/dev', '/run', '/tmp', '/var/cache', '/var/lib/apt', '/var/lib/dpkg'],
  ...['/etc/hosts', '/etc/hostname', '/etc/resolv.conf', '/etc/mtab'],
];

const ENTRY_POINT = `#!/bin/sh
# Puts the archived files back on the first start, then starts the service.
if [ ! -e /opt/paper/restored ]; then
  tar -xpzf /opt/paper/mutable.tar.gz -C / && touch /opt/paper/restored
fi
bash /opt/paper/start.sh || echo "the service does not start" >&2
exec "$@"
`;

const DOCKERFILE_END = `
COPY mutable.tar.gz restore.sh start.sh /opt/paper/
ENTRYPOINT ["/bin/sh", "/opt/paper/restore.sh"]
CMD ["sleep", "infinity"]
`;

/** Seconds that a restored service gets to answer; the original needs less than one. */
const PATIENCE = 30;

/** Arguments of the paper's find: files newer than the time stamp, outside of the excluded trees, NUL-separated. */
export function newerFiles(timestamp: string): string[] {
  const pruned = EXCLUDED.flatMap(path => ['-path', path, '-o']).slice(0, -1);
  return ['find', '/', '(', ...pruned, ')', '-prune', '-o', '-newer', timestamp, '!', '-type', 'd', '-print0'];
}

/** Finds and packs what is newer than the time stamp. */
export async function archiveAsInPaper(container: string, folder: string) {
  const file = join(folder, 'mutable.tar.gz');
  const found = await timed(`docker exec ${container} find / -newer ${TIMESTAMP} ...     # the paper`, () =>
    run('docker', ['exec', container, ...newerFiles(TIMESTAMP)]),
  );
  // Exit code 1 of tar: a log grew while it was read.
  const line =
    '{ docker exec -i "$1" tar -c -C / --null --no-recursion -T - || [ $? -le 1 ]; } 2>/dev/null | gzip > "$2"';
  run('bash', ['-o', 'pipefail', '-c', line, 'bash', container, file], { input: found.result });
  const bytes = statSync(file).size;
  show([`${found.result.split('\0').length - 1} files; the archive has ${bytes} bytes`]);
  return { name: 'the paper: find -newer, tar', file, bytes, detectSeconds: found.seconds };
}

/** Builds the old Dockerfile on the new base with the entry point at its end, and waits for an answer. */
export async function restoreAsInPaper({ file }: { file: string }, folder: string) {
  const context = join(folder, 'paper');
  writeContext(context, file);
  const build = ['build', '-q', '--no-cache', '--build-arg', 'BASE=debian:trixie', '-t', `${PAPER}:latest`, context];
  let answers = false;
  const { seconds } = await timed('docker build --build-arg BASE=debian:trixie paper; docker run', () => {
    run('docker', build);
    run('docker', ['run', '-d', '--name', PAPER, `${PAPER}:latest`]);
    answers = waitForAnswer(PAPER);
  });
  if (!answers) say(`it does not answer after ${PATIENCE} s`);
  return { container: PAPER, system: systemOf(PAPER), seconds };
}

function writeContext(context: string, archive: string): void {
  mkdirSync(context, { recursive: true });
  writeFileSync(join(context, 'Dockerfile'), readFileSync(join(EXAMPLE, 'Dockerfile'), 'utf8') + DOCKERFILE_END);
  writeFileSync(join(context, 'restore.sh'), ENTRY_POINT);
  copyFileSync(join(EXAMPLE, 'start.sh'), join(context, 'start.sh'));
  copyFileSync(archive, join(context, 'mutable.tar.gz'));
}

/** True as soon as something listens on the port of SMB. */
function waitForAnswer(container: string): boolean {
  const probe = `for i in $(seq ${PATIENCE * 5}); do (exec 3<>/dev/tcp/127.0.0.1/445) && exit 0; sleep 0.2; done; exit 1`;
  return tryRun('docker', ['exec', container, 'bash', '-c', probe]).code === 0;
}
