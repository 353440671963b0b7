/** What all probes share. */
interface ProbeBase {
  /** Shown in reports; unique within a file. */
  name: string;
  /** Patterns (JavaScript regular expressions) whose matches are replaced by `<masked>` before answers are compared. */
  mask?: string[];
  /** Seconds for one answer; default 15. */
  timeout?: number;
  /** Knowledge entry that asks it by itself; absent for tests of the owner. */
  from?: string;
}

export interface TcpProbe extends ProbeBase {
  type: 'tcp';
  port: number;
  /** The first line that the service says by itself (ssh, smtp, imap, ftp) is part of the answer. */
  greeting?: boolean;
}

export interface HttpProbe extends ProbeBase {
  type: 'http';
  port?: number;
  path?: string;
  tls?: boolean;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  user?: string;
  password?: string;
  /** Response headers that are part of the answer. */
  answerHeaders?: string[];
  /** How much of the response's body is part of the answer; default `whole`. */
  answerBody?: 'whole' | 'title' | 'none';
  /** With `tls`: protocol version and certificate (subject, issuer, sha256 fingerprint, end of validity) are part of the answer. */
  answerTls?: boolean;
}

export interface SmbProbe extends ProbeBase {
  type: 'smb';
  port?: number;
  /** Without a share: list the shares. */
  share?: string;
  user?: string;
  password?: string;
  /** smbclient commands, e.g. `get data.txt -`, `ls`, `put input new.txt`. */
  command?: string;
  /** Content of the file `input` that lies in the working folder, for `put input NAME`. */
  input?: string;
}

export interface CommandProbe extends ProbeBase {
  type: 'command';
  /** Argument array, or a string for `sh -c`. */
  run: string | string[];
  /** `host` gets C=<container> and HOST=<address> in its environment. Default: container. */
  where?: 'container' | 'host' | 'client';
  user?: string;
  /** For `client`: Debian packages that the client container needs. */
  packages?: string[];
}

/** Runs an analysis again and compares its results: for "are the results of this paper still reproducible today?". */
export interface AnalysisProbe extends ProbeBase {
  type: 'analysis';
  /** Argument array, or a string for `sh -c`; run in the service's container. */
  run: string | string[];
  user?: string;
  /** Result files: texts are compared line by line with tolerance for their numbers, others by digest. */
  files?: string[];
  /** PNG images, compared by how they look. */
  images?: string[];
  /** Differences that are none: of numbers (`absolute`, or `relative` to their size, default 1e-9), of images (0 to 1, default 0.05). */
  tolerance?: { absolute?: number; relative?: number; image?: number };
}

export type FieldValue = string | number | string[];

/** A kind of knowledge/probes; perennial.yml has its id as `type`, and its fields beside. */
export interface ClientProbe extends ProbeBase {
  type: 'client';
  /** Id of the entry. */
  protocol: string;
  port?: number;
  fields: Record<string, FieldValue>;
}

export type SmokeTest = TcpProbe | HttpProbe | SmbProbe | CommandProbe | AnalysisProbe | ClientProbe;

/** What one test saw: normalised, masked lines. Two runs agree when `lines` and `status` are equal. */
export interface SmokeAnswer {
  name: string;
  /** e.g. `connected`, `refused`, `200`, `exit 0`, `NT_STATUS_LOGON_FAILURE`. */
  status: string;
  lines: string[];
  /** Milliseconds; not compared. */
  took: number;
  /** The two answers that were taken of the living service differ. */
  flaky?: boolean;
}

export interface SmokeComparison {
  name: string;
  /** `drift`: only versions of packages differ, as they are meant to; `drift` names them. */
  verdict: 'same' | 'drift' | 'differs' | 'missing' | 'flaky' | 'no-golden';
  golden?: SmokeAnswer;
  now?: SmokeAnswer;
  /** Unified diff of the lines, at most 200 lines. */
  diff: string;
  /** What the answers tell of other versions: "openssh-server 8.4p1 -> 10.0p1". */
  drift?: string[];
  /** Of an analysis: its values, then and now, and how far they are from each other. */
  results?: ComparedResult[];
}

/** One result of an analysis, then and now. */
export interface ComparedResult {
  /** `output: lifetime`, `/srv/fit.csv: line 3, value 2`, or the path of a file or an image as a whole. */
  what: string;
  was: string;
  is: string;
  /** How far they are from each other, in words: `2.2e-16 (3.0e-17 of the value)`, `1.3 % apart`. */
  difference: string;
  /** How far they may be. */
  tolerance: string;
  /** `version`: a text that differs only in versions of packages. */
  verdict: 'same' | 'within' | 'version' | 'differs';
  /** Of a number: the difference as a share of the larger value. */
  share?: number;
}
