import { shellWord } from '../system/shell-quote.ts';

/** One command line of a unit (systemd.service(5), "COMMAND LINES"), as words of a POSIX shell. */
export interface UnitCommand {
  /** The program, quoted. */
  program: string;
  /** Its arguments, quoted; variables are left to the shell. */
  words: string[];
  /** `-`: a failure does not matter. */
  mayFail: boolean;
  /** `+` or `!`: run with full privileges, whatever User= says. */
  privileged: boolean;
}

/** Parses `ExecStart=` and its kin. `specifiers` stand for %n and the like, without the percent sign. */
export function parseUnitCommand(text: string, specifiers: Record<string, string>): UnitCommand {
  const prefix = /^[-@:+!|]*/.exec(text)?.[0] ?? '';
  const plain = prefix.includes(':');
  const words = splitWords(text.slice(prefix.length)).map(word => fillSpecifiers(word, specifiers));
  if (prefix.includes('@')) words.splice(1, 1); // the name that the program sees for itself
  const [program = 'true', ...rest] = words;
  return {
    program: shellWord(program),
    words: rest.map(word => (plain ? shellWord(word) : withVariables(word))),
    mayFail: prefix.includes('-'),
    privileged: /[+!]/.test(prefix),
  };
}

/** Words of a line with systemd's quotes and C-style escapes (systemd.syntax(7), "QUOTING"). */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = '';
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (sign === '\\' && at + 1 < text.length) word = (word ?? '') + (ESCAPES[text[++at]!] ?? text[at]!);
    else if (quoted !== '') {
      if (sign === quoted) quoted = '';
      else word += sign;
    } else if ((sign === '"' || sign === "'") && word === undefined) {
      quoted = sign;
      word = '';
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + sign;
  }
  return word === undefined ? words : [...words, word];
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', s: ' ' };

export function fillSpecifiers(text: string, specifiers: Record<string, string>): string {
  return text.replace(/%(.)/g, (whole, letter: string) => (letter === '%' ? '%' : (specifiers[letter] ?? whole)));
}

/** `$NAME` as a word of its own is split at blanks; `${NAME}` stays one word; `$$` is a dollar sign. */
function withVariables(word: string): string {
  if (/^\$[A-Za-z_]\w*$/.test(word)) return word;
  const parts = word.split(/(\$\$|\$\{[A-Za-z_]\w*\}|\$[A-Za-z_]\w*)/);
  return parts.length === 1
    ? shellWord(word)
    : parts
        .filter(part => part !== '')
        .map(part => (part === '$$' ? shellWord('$') : /^\$[{A-Za-z_]/.test(part) ? `"${part}"` : shellWord(part)))
        .join('');
}
