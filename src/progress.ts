/** Where the rooms say what they are doing. The command line prints it on stderr, an action into the log. */
export interface Progress {
  /** A stage begins, e.g. "Reading the package database". */
  step(message: string): void;
  /** Detail of the current stage; may be dropped. */
  detail(message: string): void;
  /** Something that a person should look at; also ends up in the report. */
  warn(message: string): void;
}

export const silentProgress: Progress = { step() {}, detail() {}, warn() {} };
