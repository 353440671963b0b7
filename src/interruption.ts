import { constants } from 'node:os';
import { PerennialError } from './errors.ts';

/** What ends a command that is under way. May go on for a while (removing a container): the promise says how long. */
type Stop = () => unknown;

/**
 * The wish to end, given by a signal. There is one for the process: commands under way are ended, new ones are refused, so that
 * every room comes to its own `finally` and removes what it made. Cleaning up is done by commands that are exempt.
 */
export class Interruption {
  readonly #stops = new Set<Stop>();
  readonly #stopping: Promise<unknown>[] = [];
  #signal: NodeJS.Signals | undefined;

  /** The signal that came; undefined while there was none. */
  get signal(): NodeJS.Signals | undefined {
    return this.#signal;
  }

  /** Ends what is under way. A second call does nothing. */
  interrupt(signal: NodeJS.Signals): void {
    if (this.#signal) return;
    this.#signal = signal;
    for (const stop of this.#stops) this.#stopping.push(Promise.resolve(stop()).catch(() => {}));
    this.#stops.clear();
  }

  /** Has `stop` called when the interruption comes. Returns what takes it back. */
  onInterrupt(stop: Stop): () => void {
    this.#stops.add(stop);
    return () => this.#stops.delete(stop);
  }

  /** Waits until everything that was stopped has come to its end. */
  async settled(): Promise<void> {
    await Promise.all(this.#stopping);
  }

  /** @throws PerennialError `interrupted` once the signal came */
  check(): void {
    if (this.#signal) throw new PerennialError('interrupted', `Interrupted by ${this.#signal}`);
  }
}

/** The interruption of this process. */
export const interruption = new Interruption();

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A terminal and a parent process may both pass on one and the same Ctrl-C. */
const SAME_MS = 500;

/** Exit code of a program that a signal ended: 130 for SIGINT, 143 for SIGTERM. */
export function signalExitCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** From now on a signal ends this process in order, and a second one at once. */
export function interruptOnSignals(onFirst: (signal: NodeJS.Signals) => void = () => {}): void {
  let first = 0;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (interruption.signal && Date.now() - first > SAME_MS) process.exit(signalExitCode(signal));
      if (interruption.signal) return;
      first = Date.now();
      onFirst(signal);
      interruption.interrupt(signal);
    });
  }
}
