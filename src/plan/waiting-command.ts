/** Present in the container once its state is back; the entry point waits for it. */
export const READY_MARK = '/var/lib/perennial/restored';

/**
 * The container's main process: it waits until the state is back and then becomes what the owner had it run.
 * After a restart of the container the mark is there and nothing waits. A mark with something in it is for one try: it is
 * taken away, so that a container whose process ended can be started, mended and tried again.
 */
const WAIT = `while [ ! -e ${READY_MARK} ]; do sleep 0.1; done; [ ! -s ${READY_MARK} ] || rm -f ${READY_MARK}; exec "$@"`;

/** What follows `--entrypoint /bin/sh IMAGE`, for a main process of these words; it sleeps when there are none. */
export function waitingCommand(words: readonly string[]): string[] {
  return ['-c', WAIT, 'perennial', ...(words.length > 0 ? words : ['sleep', 'infinity'])];
}
