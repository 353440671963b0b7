/** Commands that fail when the name exists; `adduser --system` and `addgroup --system` do not (adduser(8)). */
const MAKES = /(?:^|[\s;&|(])(?:\S*\/)?(useradd|groupadd|adduser|addgroup|newusers)\s/;

/**
 * Which of `names` a Dockerfile (or script) makes itself with a command that would fail on an existing name. Takes the
 * text of the file; a name counts when it stands as a word in such a command, so this errs to the side of leaving an
 * account out, which only costs it its old number.
 */
export function findAccountsMade(text: string, names: Iterable<string>): Set<string> {
  const commands = text
    .replace(/\\\r?\n/g, ' ')
    .split(/\n|&&|\|\||;/)
    .filter(command => MAKES.test(command) && !/\s--system\b/.test(toleratedPart(command)));
  const words = new Set(commands.flatMap(command => command.split(/[\s"'=,:]+/)));
  return new Set([...names].filter(name => words.has(name)));
}

/** useradd knows --system too, but fails on an existing name all the same. */
function toleratedPart(command: string): string {
  return /\b(useradd|groupadd)\s/.test(command) ? '' : command;
}
