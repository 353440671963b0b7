/** `* OK [CAPABILITY IMAP4rev1 ID ...] ready`, and the answer to the command itself. */
const LIST = /(?<=(\[|^\* )CAPABILITY )[^\]]*/;

/**
 * An IMAP server's capabilities are a set (RFC 3501, 7.2.1): their order tells nothing, and a client that finds all that it found is
 * served as before.
 * @returns today's line with the list of then, where it has at least those capabilities, and what is told of it
 */
export function asThenOffered(was: string, is: string): { line: string; told: string[] } {
  const [then, today] = [LIST.exec(was)?.[0], LIST.exec(is)?.[0]];
  const same = { line: is, told: [] };
  if (then === undefined || today === undefined || then === today) return same;
  const [old, now] = [new Set(then.split(/ +/)), new Set(today.split(/ +/))];
  if ([...old].some(each => !now.has(each))) return same;
  const more = [...now].filter(each => !old.has(each));
  const told = more.length > 0 ? `capabilities that are new: ${more.join(', ')}` : 'capabilities in another order';
  return { line: is.replace(LIST, () => then), told: [told] };
}
