import { basename } from 'node:path/posix';
import { printable } from '../system/byte-text.ts';
import { lastLines } from './last-lines.ts';

/** Words of a daemon that gives up, and weaker ones of what went wrong before. */
const FATAL = /\b(fatal|emerg|alert|crit|critical|panic)\b/i;
const ERROR =
  /\b(errors?|err|cannot|can't|could not|couldn't|failed|failure|unable|refused|denied|unsupported|invalid|unknown)\b/i;
/** What `tail` puts before the end of each file. */
const HEADING = /^==> (\/.*) <==$/;

/** A log, and the line of it that tells most. */
export interface LoggedReason {
  log: string;
  line: string;
}

/**
 * The line in which the log of a program says why it ended: the last fatal one, else the last error. Pure.
 * @param said what was printed, and then the ends of logs as `tail` prints them
 * @param program path or name of the program; a log is its own when it, or its folder, is called after it (`slurmctld-wlm` writes slurmctld.log)
 */
export function loggedReason(said: string, program: string): LoggedReason | undefined {
  const own = sections(said).filter(each => isCalledAfter(each.log, basename(program)));
  for (const words of [FATAL, ERROR])
    for (const { log, lines } of own) {
      const line = lines.findLast(each => words.test(each));
      if (line !== undefined) return { log: printable(log), line: printable(lastLines(line, 1)) };
    }
  return undefined;
}

/** Lines that complain of something: what a daemon says when it starts, and when it ends, stands around them. Pure. */
export function complaints(printed: string): string {
  return printed
    .split('\n')
    .filter(line => FATAL.test(line) || ERROR.test(line))
    .join('\n');
}

function sections(said: string): { log: string; lines: string[] }[] {
  const found: { log: string; lines: string[] }[] = [];
  for (const line of said.split('\n')) {
    const log = HEADING.exec(line)?.[1];
    if (log !== undefined) found.push({ log, lines: [] });
    else found.at(-1)?.lines.push(line);
  }
  return found;
}

/** A name of two letters is a part of too many others. */
function isCalledAfter(log: string, program: string): boolean {
  const stem = (name: string) => name.split(/[._]/)[0]!;
  const names = log.split('/').slice(-2).map(stem);
  const asked = stem(program);
  return names.some(
    name => name.length > 2 && (name === asked || asked.startsWith(`${name}-`) || name.startsWith(`${asked}-`)),
  );
}
