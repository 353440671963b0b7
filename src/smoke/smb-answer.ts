/* What smbclient prints, without what differs between two runs or two versions of the program. */

/** Said by the client about itself, in one version or another. */
const CHATTER = [
  /^SMB1 disabled -- no workgroup available$/,
  /^(Reconnecting with|Unable to connect with) SMB1 /,
  /^Try "help" to get a list of possible commands\.$/,
  /^(getting|putting) file .* \(average [\d.a-z]+ (KiloBytes\/sec|kb\/s)\)$/,
  /^\s*\d+ blocks of size \d+\. \d+ blocks available$/,
  /^lp_load_ex: /,
  /^Can't load .* - run testparm to debug it$/,
];
/** `-g` prints `Type|Name|Comment`. IPC$ is always there; its comment is no share of anybody. */
const SHARE = /^(Disk|Printer)\|/;
/** `ls` prints when `.` and `..` changed, and the tests themselves write there. */
const SELF = /^( {2}\.{1,2} +[A-Z]+ +\d+) {2}[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * `ok`, or the first NT_STATUS code that the client names, or its exit code.
 * @param said everything that the client printed
 */
export function smbStatus(code: number, said: string): string {
  if (code === 0) return 'ok';
  return /NT_STATUS_[A-Z0-9_]+/.exec(said)?.[0] ?? `exit ${code}`;
}

/** The share lines of `smbclient -L -g`, sorted: the server gives them in any order. */
export function shareLines(stdout: string): string[] {
  return stdout
    .split(/\r?\n/)
    .filter(line => SHARE.test(line))
    .sort();
}

/** Output of smbclient commands; a line with an NT_STATUS code is the code alone, since its wording changes. */
export function smbLines(stdout: string): string[] {
  const lines: string[] = [];
  for (const line of stdout.split(/\r?\n/)) {
    if (CHATTER.some(pattern => pattern.test(line))) {
      if (/blocks of size/.test(line) && lines.at(-1) === '') lines.pop();
      continue;
    }
    lines.push(/NT_STATUS_[A-Z0-9_]+/.exec(line)?.[0] ?? line.replace(SELF, '$1'));
  }
  return lines;
}
