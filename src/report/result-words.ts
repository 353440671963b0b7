import type { ComparedResult } from '../smoke/smoke-test.ts';

/** Columns of a table of the results of an analysis. */
export const RESULT_HEADS = ['Result', 'Verdict', 'Then', 'Now', 'Difference', 'Tolerance'] as const;

/** Verdicts on results in words. */
export const RESULT_WORDS: Record<ComparedResult['verdict'], string> = {
  same: 'same',
  within: 'within tolerance',
  version: 'other version',
  differs: 'differs',
};
