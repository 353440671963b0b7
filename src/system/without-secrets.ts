/*
 * What must not leave the machine with a report, whatever text it stands in: by the names of settings, and by the shapes of
 * hashes and keys. A hidden comment costs nothing, a shown password does.
 */

/** Part of a setting's name that makes its value a secret; `passdb backend` and `tokens` are none. */
const KEY =
  '(?:pass(?:wd|word|phrase)?(?![a-z])|pwd?(?![a-z])|secret|token(?!s)|credential|psk(?![a-z])|salt(?![a-z])|community|masterauth|_auth(?![a-z])|' +
  '(?:api|private|auth|access|enc|encryption|pass|signing|logged_in|nonce|hmac|hash|master|shared|session|app)[-_]?key)';
const NAMED = new RegExp(KEY, 'i');
const QUOTED = `"[^"\\n]*"|'[^'\\n]*'`;
/** What a name is followed by its value in, on one line. */
const VALUES = [
  // `name = value`, `"name": "value"`, several `NAME=value` of a Dockerfile's ENV.
  new RegExp(
    `(["']?[\\w .-]{0,60}${KEY}[\\w .-]{0,60}["'\\])]{0,3}(?:\\[[^\\]\\n]{0,40}\\])?[ \\t]*[:=]>?[ \\t]*)(${QUOTED}|.+?)(?=[ \\t]+[\\w.-]+=|$)`,
    'gi',
  ),
  // `requirepass value`: the name is the first word of the line, after the sign of a diff or a comment.
  new RegExp(`^([+ -]?[ \\t]*[#;]*[ \\t]*[\\w.-]{0,60}${KEY}[\\w.-]{0,60}[ \\t]+)(?![=:])(\\S.*)$`, 'i'),
  // `<source-password>value<`, `<property name="db.password">value<`.
  new RegExp(`(<(?!/)[^<>\\n]*${KEY}[^<>\\n]*>)([^<\\n]*[^<\\s][^<\\n]*)(?=<|$)`, 'gi'),
  // `name="password" value="value"`.
  new RegExp(`(["'][\\w .-]{0,60}${KEY}[\\w .-]{0,60}["'][^<>\\n]*?\\bvalue[ \\t]*=[ \\t]*)(${QUOTED})`, 'gi'),
  // `define('DB_PASSWORD', 'value')`.
  new RegExp(`(["'][\\w .-]{0,60}${KEY}[\\w .-]{0,60}["'][ \\t]*,[ \\t]*)(${QUOTED})`, 'gi'),
  // `key x { secret "value"; }`, `: PSK "value"`, `machine x login y password value`.
  new RegExp(`((?<=[\\s{;(])[\\w-]{0,60}${KEY}[ \\t]+)(${QUOTED}|[^\\s"';{}=:]+(?=[ \\t;}]*$))`, 'gi'),
  // `--password value`.
  new RegExp(`((?<=^|\\s)--?[\\w-]{0,60}${KEY}[\\w-]{0,60}[ \\t]+)(?!-)(${QUOTED}|\\S+)`, 'gi'),
];
/** Values of no name: in SQL and headers of HTTP, and of the options `-u NAME:VALUE`, `-u NAME -pVALUE` and `-U NAME%VALUE`. */
const NAMELESS = [
  /(\bidentified[ \t]+by[ \t]+(?:password[ \t]+)?|\bpassword[ \t]+)('[^'\n]*'|"[^"\n]*")/gi,
  /(\bauthorization["']?[ \t]*[:=][ \t]*["']?\w+[ \t]+)([^\s"']+)/gi,
  /(\bbearer[ \t]+)([\w+/=.~-]{16,})/gi,
  /((?<=^|\s)-u[ \t]+["']?[^\s:"'/]+:)(?!\d+(?:\s|$))([^\s"']+)/g,
  /((?<=^|\s)-u[ \t]*[\w.-]+[ \t]+-p)(\S+)/g,
  /((?<=^|\s)-U[ \t]*["']?[^\s%"']+%)([^\s"']+)/g,
];
/** Values that tell nothing: `PasswordAuthentication no`, the path of a key, PAM's words. */
const PLAIN =
  /^["']?(?:(?:yes|no|on|off|true|false|none|required|requisite|sufficient|optional|include|\/[\w./%-]+)["']?(?=[\s;,)<]|$)|\[\w+=|<hidden>)/i;

/** crypt(5): `$6$salt$hash`; LDAP's `{SSHA}...`; smbpasswd(5): two hashes of 32 digits; private keys (RFC 7468). */
const SHAPES = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$(?![\s\S]))/g,
  /\$(?:\d\w?|y|gy|apr1|argon2\w*|scrypt)\$[^\s:'"]+/g,
  /\{(?:S?SHA\d*|S?MD5|CRYPT|PBKDF2\S*?)\}[^\s:'"]+/gi,
  /\b[0-9A-FX]{32}:[0-9A-F]{32}\b/gi,
];
const ADDRESS = /(:\/\/[^\s:/@]*:)[^\s@/]+@/g;
const HIDDEN = '<hidden>';

/** A setting that is called `key` or `auth` and nothing else, with a value that is long and no path: `<cloak key="...">`, `key: ...`. */
const LONG_KEY =
  /((?:^[+-]?|[\s{,;<])["']?(?:key|auth)["']?[ \t]*[:=][ \t]*["']?)(?!\/|\w+:\/\/|<hidden>)[^\s"'<>]{20,}/gim;

/** Longer lines are no configuration, and expressions are slow on them. */
const LONGEST = 2000;

/** Text with passwords, hashes and private keys hidden, lines cut at 2000 letters. Lines stay lines, so that a diff stays one. Pure. */
export function withoutSecrets(text: string): string {
  const lines = text.split('\n').map(line => (line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line));
  const shown = SHAPES.reduce((rest, shape) => rest.replace(shape, HIDDEN), lines.join('\n'))
    .replace(ADDRESS, `$1${HIDDEN}@`)
    .replace(LONG_KEY, `$1${HIDDEN}`)
    .split('\n')
    .map(line => (NAMED.test(line) ? VALUES.reduce((rest, value) => rest.replace(value, hide), line) : line))
    .map(line => NAMELESS.reduce((rest, value) => rest.replace(value, hide), line));
  return hideContinuations(shown).join('\n');
}

function hide(whole: string, name: string, value: string): string {
  return PLAIN.test(value) ? whole : name + HIDDEN;
}

/** A hidden value that goes on in the next line: LDIF folds values (RFC 2849), and begins the next line with a space. After the sign of a diff, too. */
const FOLDED = /^([+-]? {1,2})[\w+/=.$-]+$/;
/** The first line of a text of several lines in YAML, and of an element of XML. */
const BLOCK = /^([+ -]?[ \t]*(?:- )*)["']?[\w .-]*:[ \t]*(?:<hidden>|[|>][+-]?\d?)[ \t]*$/;
const ELEMENT = new RegExp(`<[^<>/]*${KEY}[^<>]*>[ \\t]*$`, 'i');

/** Hides what follows a hidden value and belongs to it. */
function hideContinuations(lines: string[]): string[] {
  let goesOn: (line: string) => string | undefined = () => undefined;
  return lines.map(line => {
    const hidden = goesOn(line);
    if (hidden !== undefined) return hidden;
    goesOn = continuation(line);
    return line;
  });
}

/** Hides a line that goes on with the value of `line`; gives undefined for one that does not. */
function continuation(line: string): (next: string) => string | undefined {
  if (line.endsWith(`${HIDDEN}\\`)) return next => next.replace(/\S.*/, HIDDEN);
  if (ELEMENT.test(line)) return next => (next.includes('<') ? undefined : next.replace(/[^\s+-].*/, HIDDEN));
  const block = NAMED.test(line) ? BLOCK.exec(line)?.[1] : undefined;
  const folds = line.endsWith(HIDDEN);
  return next => {
    const folded = folds ? FOLDED.exec(next)?.[1] : undefined;
    if (folded !== undefined) return folded + HIDDEN;
    if (block === undefined) return undefined;
    const indent = /^[+ -]?[ \t]*/.exec(next)![0];
    if (indent.length === next.length) return next; // a blank line
    return indent.length > block.length ? indent + HIDDEN : undefined;
  };
}
