import type { Progress } from '../progress.ts';
import type { StateProof } from '../proof/finding.ts';
import { withoutSecrets } from '../system/without-secrets.ts';

export type JournalStage =
  | 'base'
  | 'build'
  | 'packages'
  | 'accounts'
  | 'state'
  | 'overrides'
  | 'deletions'
  | 'configuration'
  | 'attributes'
  | 'exports'
  | 'checks'
  | 'start'
  | 'proof'
  | 'smoke';

/** One thing that was done or left, for the report. */
export interface JournalEntry {
  stage: JournalStage;
  what: string;
  why: string;
  /** Mechanism or knowledge entry. */
  rule: string;
  /** `look`: a person should look at it. */
  level: 'done' | 'look';
  /** Diff or message, shown folded; without secrets. */
  detail?: string;
}

/** Collects what a restore does, as it happens, and the shell text of it. */
export class Journal {
  readonly entries: JournalEntry[] = [];
  readonly seconds: Partial<Record<JournalStage, number>> = {};
  /** What was compared with the bag, once it was. */
  state: StateProof | undefined;
  readonly #program: string[] = [];
  readonly #progress: Progress;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  done(stage: JournalStage, what: string, why: string, rule: string, detail?: string): void {
    this.entries.push({ stage, what, why, rule, level: 'done', ...shown(detail) });
    this.#progress.detail(what);
  }

  look(stage: JournalStage, what: string, why: string, rule: string, detail?: string): void {
    this.entries.push({ stage, what, why, rule, level: 'look', ...shown(detail) });
    this.#progress.warn(`${what}: ${why}`);
  }

  /** Adds to the readable program: what a person would type to do the same. */
  script(comment: string, ...lines: string[]): void {
    this.#program.push(`# ${comment.replaceAll('\n', ' ')}`, ...lines, '');
  }

  program(): string {
    return [
      '#!/bin/sh',
      '# What this restore did, in order. Run inside the new container, as root.',
      'set -eu',
      '',
      ...this.#program,
    ].join('\n');
  }

  /** Runs a stage and takes its time. */
  async stage<T>(stage: JournalStage, title: string, run: () => Promise<T>): Promise<T> {
    const started = performance.now();
    this.#progress.step(title);
    try {
      return await run();
    } finally {
      this.seconds[stage] = (this.seconds[stage] ?? 0) + Math.round(performance.now() - started) / 1000;
    }
  }
}

/** Details go into summaries and reports: lines of edited configuration with passwords in them must not. */
function shown(detail: string | undefined): Pick<JournalEntry, 'detail'> {
  return detail ? { detail: withoutSecrets(detail) } : {};
}
