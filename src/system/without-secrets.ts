/*
 * What must not leave the machine with a report, whatever text it stands in: by the names of settings, and by the shapes of
 * hashes and keys. A hidden comment costs nothing, a shown password does.
 */

/** Part of a setting's name that makes its value a secret; `passdb backend` and `tokens` are none. */
const KEY =
  '(?:pass(?:wd|word|phrase)?(?![a-z])|bindpw|secret|token(?!s)|credential|api[-_]?key|private[-_]?key|psk(?![a-z]))';
const NAMED = new RegExp(KEY, 'i');
/** `name = value`, `"name": "value"`, several `NAME=value` of a Dockerfile's ENV. */
const PAIR = new RegExp(
  `(["']?[\\w .-]*${KEY}[\\w .-]*["']?[ \\t]*[:=]>?[ \\t]*)("[^"\\n]*"|'[^'\\n]*'|.+?)(?=[ \\t]+[\\w.-]+=|$)`,
  'gi',
);
/** `requirepass value`: the name is the first word of the line, after the sign of a diff or a comment. */
const WORDS = new RegExp(`^([+ -]?[ \\t]*[#;]*[ \\t]*[\\w.-]*${KEY}[\\w.-]*[ \\t]+)(?![=:])(\\S.*)$`, 'i');
/** Values that tell nothing: `PasswordAuthentication no`, the path of a key, PAM's words. */
const PLAIN =
  /^["']?(?:(?:yes|no|on|off|true|false|none|required|requisite|sufficient|optional|include)\b|\[|\/[\w./%-]+|<hidden>)/i;

/** crypt(5): `$6$salt$hash`; LDAP's `{SSHA}...`; smbpasswd(5): two hashes of 32 digits; private keys (RFC 7468). */
const SHAPES = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$(?![\s\S]))/g,
  /\$(?:\d\w?|y|gy|apr1|argon2\w*|scrypt)\$[^\s:'"]+/g,
  /\{(?:S?SHA\d*|S?MD5|CRYPT|PBKDF2\S*?)\}[^\s:'"]+/gi,
  /\b[0-9A-FX]{32}:[0-9A-F]{32}\b/gi,
];
const ADDRESS = /(:\/\/[^\s:/@]*:)[^\s@/]+@/g;
const HIDDEN = '<hidden>';

/** A setting that is called `key` and nothing else, with a value that is long and no path: `<cloak key="...">`, `key: ...`. */
const LONG_KEY = /((?:^|[\s{,;<])["']?key["']?[ \t]*[:=][ \t]*["']?)(?!\/|\w+:\/\/|<hidden>)[^\s"'<>]{20,}/gi;

/** Longer lines are no configuration, and expressions are slow on them. */
const LONGEST = 2000;

/** Text with passwords, hashes and private keys hidden, lines cut at 2000 letters. Lines stay lines, so that a diff stays one. Pure. */
export function withoutSecrets(text: string): string {
  const lines = text.split('\n').map(line => (line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line));
  return SHAPES.reduce((rest, shape) => rest.replace(shape, HIDDEN), lines.join('\n'))
    .replace(ADDRESS, `$1${HIDDEN}@`)
    .replace(LONG_KEY, `$1${HIDDEN}`)
    .split('\n')
    .map(line => (NAMED.test(line) ? line.replace(PAIR, hide).replace(WORDS, hide) : line))
    .join('\n');
}

function hide(whole: string, name: string, value: string): string {
  return PLAIN.test(value) ? whole : name + HIDDEN;
}
