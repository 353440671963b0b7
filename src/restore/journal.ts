import type { PackageNews } from '../plan/package-news.ts';
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

/** What a journal is made of, for taking it up in another run. */
export interface JournalRecord {
  entries: JournalEntry[];
  seconds: Partial<Record<JournalStage, number>>;
  program: string[];
  /** Titles of stages that came to their end. */
  finished: string[];
}

/** Titles of the stages that a restore goes through, in their order. */
export const STAGES = {
  build: 'Building the image',
  packages: 'Installing what the service had beside its image',
  accounts: 'Merging accounts',
  state: 'Putting the Mutable data back',
  deletions: 'Repeating deletions',
  configuration: 'Merging configuration',
  checks: "Asking the service's own checkers",
  proof: 'Reading back what was put back',
  exports: 'Loading logical exports',
  start: 'Starting the service',
  running: 'Comparing accounts, processes and inventories',
  smoke: 'Asking the smoke tests',
} as const;

/** Collects what a restore does, as it happens, and the shell text of it. */
export class Journal {
  readonly entries: JournalEntry[] = [];
  readonly seconds: Partial<Record<JournalStage, number>> = {};
  /** What was compared with the bag, once it was. */
  state: StateProof | undefined;
  /** What the maintainers of today's packages tell those who come from the old versions. */
  news: PackageNews[] = [];
  readonly #program: string[] = [];
  readonly #progress: Progress;
  readonly #finished = new Set<string>();
  readonly #onStage: (journal: Journal) => Promise<void>;
  #at: string | undefined;

  /** @param onStage called after each stage, also one that failed */
  constructor(progress: Progress, onStage: (journal: Journal) => Promise<void> = async () => {}) {
    this.#progress = progress;
    this.#onStage = onStage;
  }

  record(): JournalRecord {
    return {
      entries: this.entries,
      seconds: this.seconds,
      program: this.#program,
      finished: [...this.#finished],
    };
  }

  /** Puts the record of an earlier run before what is done now; what this run has noted so far is in it already. */
  goOn(earlier: JournalRecord): void {
    this.entries.splice(0, this.entries.length, ...earlier.entries);
    this.#program.splice(0, this.#program.length, ...earlier.program);
    Object.assign(this.seconds, earlier.seconds);
    for (const title of earlier.finished) this.#finished.add(title);
  }

  /** Forgets what was done, since it is done again in another way. Gives what a person would have had to look at. */
  startOver(): string {
    const looks = this.entries.filter(each => each.level === 'look').map(each => `${each.what}: ${each.why}`);
    this.entries.length = 0;
    this.#program.length = 0;
    this.#finished.clear();
    this.#at = undefined;
    return looks.join('\n');
  }

  /** The stage that is under way or failed, those that came to their end, and those that are to come. */
  progress(): { at: string | undefined; done: string[]; left: string[] } {
    const titles: string[] = Object.values(STAGES);
    return {
      at: this.#at,
      done: [...this.#finished],
      left: titles.filter(title => title !== this.#at && !this.#finished.has(title)),
    };
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
    // In a shell of its own: a program of an entry may end itself early.
    this.#program.push(`# ${comment.replaceAll('\n', ' ')}`, '(', ...lines, ')', '');
  }

  program(): string {
    return [
      '#!/bin/sh',
      '# What this restore did inside the new container, in order, to read and to repeat by hand. Data are not in it: they are in the',
      '# bag, whose restore.sh brings the service back by itself, without Perennial.',
      'set -eu',
      '',
      ...this.#program,
    ].join('\n');
  }

  /** Runs a stage and takes its time. */
  async stage<T>(stage: JournalStage, title: string, run: () => Promise<T>): Promise<T> {
    const started = performance.now();
    this.#progress.step(title);
    this.#at = title;
    try {
      const result = await run();
      this.#finished.add(title);
      this.#at = undefined;
      return result;
    } finally {
      const seconds = (this.seconds[stage] ?? 0) + (performance.now() - started) / 1000;
      this.seconds[stage] = Math.round(seconds * 1000) / 1000;
      await this.#onStage(this);
    }
  }
}

/** Details go into summaries and reports: lines of edited configuration with passwords in them must not. */
function shown(detail: string | undefined): Pick<JournalEntry, 'detail'> {
  return detail ? { detail: withoutSecrets(detail) } : {};
}
