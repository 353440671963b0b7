import type { Progress } from '../progress.ts';

/** A step of a run; seconds since its beginning. */
export interface RunStep {
  name: string;
  start: number;
  seconds: number;
  /** The run ended in it. */
  failed?: boolean;
}

/** Passes progress on and remembers when each step began: the timeline of a report. Wall-clock time. */
export class RunSteps implements Progress {
  readonly #to: Progress;
  readonly #started = performance.now();
  readonly #begun: { name: string; at: number }[] = [];

  constructor(to: Progress) {
    this.#to = to;
  }

  step(message: string): void {
    this.#begun.push({ name: message, at: performance.now() });
    this.#to.step(message);
  }

  detail(message: string): void {
    this.#to.detail(message);
  }

  warn(message: string): void {
    this.#to.warn(message);
  }

  /** The steps so far; each ends where the next one begins, the last one now. */
  steps(): RunStep[] {
    const now = performance.now();
    return this.#begun.map(({ name, at }, n) => ({
      name,
      start: rounded(at - this.#started),
      seconds: rounded((this.#begun[n + 1]?.at ?? now) - at),
    }));
  }
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}
