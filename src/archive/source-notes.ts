import type { Decisions } from '../detect/decisions.ts';
import { type AccountTexts, accountFiles, findOddLines } from '../system/accounts.ts';
import { printable } from '../system/byte-text.ts';
import type { ReadRunning } from '../system/running.ts';
import type { Payload } from './payload.ts';
import type { Reading } from './read-files.ts';

/** Paths that a note names; the rest is counted. */
const NAMED = 10;

/**
 * What is said of paths about which two sources disagree (the engine's diff and the walk): such a path is kept unless a rule leaves
 * it whatever it holds, and of those there is nothing to say.
 */
export function disagreementNotes(paths: readonly string[], decided: Pick<Decisions, 'verdict'>): string[] {
  const kept = paths.filter(path => !['leave', 'parent', undefined].includes(decided.verdict(path)?.disposition));
  return note("The engine's diff and the files themselves disagree about some paths, which are therefore kept", kept);
}

/** What is said of files that did not hold still while they were read. */
export function movingNotes({
  grown,
  vanished,
  moving,
  escaped,
  mistaken,
  late,
}: Pick<Payload, 'grown' | 'vanished' | 'moving'> & Pick<Reading, 'escaped' | 'mistaken' | 'late'>): string[] {
  const changed = late.changed.filter(path => !moving.includes(path) && !mistaken.includes(path));
  return [
    ...note('Files that grew while they were read are archived at the size that they had', grown),
    ...note(`Files changed whenever they were read. ${FREEZE}`, moving),
    ...note(`Files were moved whenever they were read, and are not in the archive. ${FREEZE}`, escaped),
    ...note(`Files were replaced whenever they were read, and have the content of another file. ${FREEZE}`, mistaken),
    ...note(
      `Files changed while others were read: each is as it was at one moment, not all at the same. ${FREEZE}`,
      changed,
    ),
    ...note('Files came while the service was archived, and are not in the archive', late.came),
    ...note('Paths were removed while the service was archived, and are not in the archive', vanished),
  ];
}

const FREEZE = 'With `freeze: true` in perennial.yml the service holds still meanwhile';

function note(what: string, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const more = paths.length > NAMED ? `, and ${paths.length - NAMED} more` : '';
  return [`${what} (${paths.length}): ${paths.slice(0, NAMED).map(printable).join(', ')}${more}`];
}

/** Sockets of which nobody could tell which program holds them: that it is the same one after a restore stays unproved. */
export function ownerlessNotes({ sockets, unknown }: ReadRunning): string[] {
  const ownerless = sockets.filter(each => each.program === '').map(each => `${each.protocol} port ${each.port}`);
  if (ownerless.length === 0) return [];
  const ports = [...new Set(ownerless)].join(', ');
  return [`Which program listens on ${ports} could not be told${unknown ? `: ${unknown}` : ''}`];
}

/**
 * What is said of lines of the account databases that are no accounts (nsswitch.conf(5), "compat"; or broken ones): they are archived, but merging
 * accounts by name has no place for them.
 * @param read gives the text of a file of the system
 */
export function oddAccountNotes(read: (path: string) => string): string[] {
  const texts: AccountTexts = Object.fromEntries(accountFiles.map(file => [file, read(`/etc/${file}`)]));
  const odd = findOddLines(texts).map(({ file, name }) => `${name} of /etc/${file}`);
  return note('Lines that are no accounts are in the archive, and a restore does not put them back', odd);
}
