import type { Manifest } from '../bag/manifest.ts';
import { readRules } from '../knowledge/read-rules.ts';
import type { Plan } from '../plan/plan.ts';
import type { Progress } from '../progress.ts';
import type { Journal } from '../restore/journal.ts';
import type { Preparation } from '../restore/prepare-restore.ts';
import type { Accounts, InstalledPackage } from '../system/system-facts.ts';
import { type PathList, packPaths } from './page/path-list.ts';
import { ruleWords } from './rule-words.ts';
import { RunSteps } from './run-steps.ts';

/** The base that a restore was made on. */
export interface BaseFacts {
  reference: string;
  /** The registry's digest, else the engine's id. */
  digest: string;
  release: string;
  packages: InstalledPackage[];
}

/** What a restore's report needs and only the run itself sees: its steps, and what bag and base say. Also of a run that fails. */
export class RestoreRecord {
  readonly steps: RunSteps;
  manifest: Manifest | undefined;
  plan: Plan | undefined;
  /** Of the restore that is under way or failed. */
  journal: Journal | undefined;
  base: BaseFacts | undefined;
  accounts: Accounts | undefined;
  paths: PathList | undefined;
  /** Reasons of the rules of knowledge/, by id. */
  reasons: Record<string, string> = {};
  readonly #withPaths: boolean;

  /** @param options.paths pack every path for a page */
  constructor(progress: Progress, options: { paths: boolean }) {
    this.steps = new RunSteps(progress);
    this.#withPaths = options.paths;
  }

  /** For `onJournal` of a restore. */
  readonly follow = (journal: Journal): void => {
    this.journal = journal;
  };

  /** For `onPrepared` of a restore. */
  readonly prepared = async ({ bag, base, plan, accounts }: Preparation): Promise<void> => {
    this.manifest = bag.manifest;
    this.plan = plan;
    this.accounts = accounts;
    this.base = {
      reference: base.reference,
      digest: base.image.digests[0] ?? base.image.id,
      release: base.system.facts.os.prettyName,
      packages: base.system.facts.packages,
    };
    this.reasons = Object.fromEntries((await readRules()).map(rule => [rule.id, rule.reason]));
    if (this.#withPaths) this.paths = await packPaths(bag.readIndex(), rules => wordsOf(rules, this.reasons));
  };
}

/** Words for rules, of which each comes with what one of its paths says. */
export function wordsOf(
  rules: readonly { rule: string; why: string }[],
  reasons: Readonly<Record<string, string>>,
): Record<string, string> {
  return ruleWords(
    rules.map(each => each.rule),
    rules,
    reasons,
  );
}
