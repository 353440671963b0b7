/** What all probes share. */
interface ProbeBase {
  /** Shown in reports; unique within a file. */
  name: string;
  /** Patterns (JavaScript regular expressions) whose matches are replaced by `<masked>` before answers are compared. */
  mask?: string[];
  /** Seconds for one answer; default 15. */
  timeout?: number;
}

export interface TcpProbe extends ProbeBase {
  type: 'tcp';
  port: number;
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

export type SmokeTest = TcpProbe | HttpProbe | SmbProbe | CommandProbe;

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
  verdict: 'same' | 'differs' | 'missing' | 'flaky' | 'no-golden';
  golden?: SmokeAnswer;
  now?: SmokeAnswer;
  /** Unified diff of the lines, at most 200 lines. */
  diff: string;
}
