/** How the lines of a key-by-key configuration file read. */
export interface ConfigFormat {
  id: 'ini' | 'equals' | 'shell' | 'words';
  /** Starts a comment when the merge switches a line off. */
  mark: string;
  comment: RegExp;
  /** Groups: key, value (may be absent). */
  active: RegExp;
  /** A default that is shown in a comment; the same groups. */
  commented: RegExp;
  /** Group: the name. */
  section?: RegExp;
  /** Lines of no known kind may stand in the file, as long as the owner did not touch them. */
  opaque: boolean;
  /** Whether this file, by name and content, is surely of this format. */
  supports(path: string, text: string): boolean;
}

/** Nested formats are never read by key, whatever they look like. */
const NESTED_NAME = /\.(ya?ml|toml|json|xml|html?|lua|py|pl|rb|php|js|c|h|cf|te|zone|rules|conf\.php)$/i;
const SHELL_NAME = /^\/etc\/(default\/[^/]+|environment|.*\/envvars|.*\/environment)$/;
const WORDS_NAME =
  /(^|\/)(sshd_config|sshd_config\.d\/[^/]+\.conf|login\.defs|redis(-\w+)?\.conf|valkey(-\w+)?\.conf)$/;

const ini: ConfigFormat = {
  id: 'ini',
  mark: ';',
  comment: /^\s*[;#]/,
  active: /^\s*([A-Za-z_][^=]*?)\s*(?:=(.*))?$/,
  commented: /^\s*[;#]\s?([A-Za-z_][^=]*?)\s*=(.*)$/,
  section: /^\s*\[([^\]]+)\]\s*(?:[;#].*)?$/,
  opaque: true,
  supports(path, text) {
    const lines = linesToRead(text, this.comment);
    const isOdd = (line: string): boolean => /^\s*[<{}]|[{}\\]\s*$/.test(line) || /^\s+[^=]+$/.test(line);
    const isSetting = (line: string): boolean => !this.section!.test(line);
    const indents = new Set(lines.filter(isSetting).map(line => /^\s/.test(line)));
    // An indented line among others may be a continuation (Python's configparser); Samba continues with a backslash only.
    const even = indents.size < 2 || /(^|\/)smb\.conf$/.test(path);
    const plain = even && !lines.some(isOdd) && lines.some(line => line.includes('='));
    return !NESTED_NAME.test(path) && plain && lines.some(line => this.section!.test(line));
  },
};

const shell: ConfigFormat = {
  id: 'shell',
  mark: '#',
  comment: /^\s*#/,
  active: /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/,
  commented: /^\s*#\s?(?:export\s+)?([A-Za-z_]\w*)=(.*)$/,
  opaque: true,
  supports(path, text) {
    const lines = linesToRead(text, this.comment);
    return SHELL_NAME.test(path) && !lines.some(line => line.includes('<<') || isContinued(line));
  },
};

const words: ConfigFormat = {
  id: 'words',
  mark: '#',
  comment: /^\s*#/,
  active: /^\s*([A-Za-z][\w-]*)(?:\s+|\s*=\s*)(\S.*)$/,
  commented: /^#([A-Za-z][\w-]*)[ \t]+(\S.*)$/,
  section: /^\s*(Match\s+\S.*)$/i,
  opaque: false,
  supports(path, text) {
    const lines = linesToRead(text, this.comment);
    return WORDS_NAME.test(path) && lines.every(line => this.active.test(line) && !/\\$|[{}]\s*$/.test(line));
  },
};

const equals: ConfigFormat = {
  id: 'equals',
  mark: '#',
  comment: /^\s*#/,
  active: /^([A-Za-z_][\w.-]*)\s*=(.*)$/,
  commented: /^#\s?([A-Za-z_][\w.-]*)\s*=(.*)$/,
  opaque: false,
  supports(path, text) {
    const lines = linesToRead(text, this.comment);
    const defaults = text.split('\n').filter(line => this.commented.test(line)).length;
    const told = lines.length > 0 || defaults >= 3;
    return !NESTED_NAME.test(path) && told && lines.every(line => this.active.test(line) && !isContinued(line));
  },
};

/** A new format is one entry; the first that supports a file reads it. */
const formats: readonly ConfigFormat[] = [shell, words, ini, equals];

/**
 * The format in which all of `texts` (versions of one file) can be read key by key, or undefined. Conservative on purpose: blocks, nested
 * formats, continued lines and lists of records are left to the merge by lines.
 */
export function findConfigFormat(path: string, texts: readonly string[]): ConfigFormat | undefined {
  return formats.find(format => texts.every(text => format.supports(path, text)));
}

/**
 * Name of a key for comparison: Samba ignores case and blanks in names (smb.conf(5)), sshd and PostgreSQL ignore case
 * (sshd_config(5), "Parameter Names" in PostgreSQL's manual); elsewhere every letter counts.
 */
export function comparableKey(path: string, key: string): string {
  if (/(^|\/)smb\.conf$/.test(path)) return key.toLowerCase().replace(/\s+/g, '');
  return /(^|\/)(sshd_config|postgresql\.conf)/.test(path) ? key.toLowerCase().replace(/\s+/g, ' ') : key;
}

/** Value for comparison: without the comment behind it in files where such comments exist (PostgreSQL, PHP). */
export function comparableValue(path: string, value: string): string {
  const mark = /postgres/.test(path) ? '#' : /php/.test(path) ? ';' : undefined;
  const end = mark === undefined ? -1 : commentStart(value, mark);
  return (end < 0 ? value : value.slice(0, end)).trim();
}

function commentStart(value: string, mark: string): number {
  let quote = '';
  for (let at = 0; at < value.length; at++) {
    const char = value[at]!;
    if (quote) quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === mark && (at === 0 || /\s/.test(value[at - 1]!))) return at;
  }
  return -1;
}

function linesToRead(text: string, comment: RegExp): string[] {
  return text
    .split('\n')
    .map(line => line.replace(/\r$/, ''))
    .filter(line => line.trim() !== '' && !comment.test(line));
}

/** The value goes on in the next line: a backslash, or a quote that does not close. */
function isContinued(line: string): boolean {
  const bare = line
    .replace(/\\./g, '')
    .replace(/"[^"]*"|'[^']*'/g, '')
    .replace(/\s#.*$/, '');
  return line.endsWith('\\') || /["']/.test(bare);
}
