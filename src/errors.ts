/** Exit codes of the command line (docs/design.md, "Exit codes"). */
export const ExitCode = {
  done: 0,
  failed: 1,
  badInput: 2,
  answersDiffer: 3,
  incompleteArchive: 4,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export type ErrorCode =
  | 'bad-input'
  | 'config-invalid'
  | 'engine-missing'
  | 'engine-failed'
  | 'no-such-container'
  | 'no-such-image'
  | 'image-unsuitable'
  | 'command-failed'
  | 'unreadable'
  | 'changed-while-read'
  | 'bag-invalid'
  | 'bag-newer'
  | 'bag-truncated'
  | 'digest-mismatch'
  | 'key-missing'
  | 'wrong-key'
  | 'attestation-missing'
  | 'attestation-invalid'
  | 'wrong-signer'
  | 'output-exists'
  | 'base-unknown'
  | 'package-unresolved'
  | 'step-failed'
  | 'not-ready'
  | 'artifact-missing'
  | 'store-failed'
  | 'interrupted';

const BAD_INPUT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'bad-input',
  'config-invalid',
  'engine-missing',
  'no-such-container',
  'no-such-image',
  'image-unsuitable',
  'bag-invalid',
  'bag-newer',
  'bag-truncated',
  'digest-mismatch',
  'key-missing',
  'wrong-key',
  'attestation-missing',
  'attestation-invalid',
  'wrong-signer',
  'output-exists',
  'base-unknown',
  'artifact-missing',
]);

/**
 * The one error family of Perennial. `message` names the input that was wrong, `hint` says what the user does next.
 * Anything else that is thrown is a defect of ours.
 */
export class PerennialError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PerennialError';
    this.code = code;
    this.hint = options.hint;
  }

  /** 2 when the input was at fault, else 1. */
  get exitCode(): ExitCode {
    return BAD_INPUT.has(this.code) ? ExitCode.badInput : ExitCode.failed;
  }

  /** Message and hint in one line each, for a terminal or a workflow annotation. */
  toText(): string {
    return this.hint ? `${this.message}\n${this.hint}` : this.message;
  }
}
