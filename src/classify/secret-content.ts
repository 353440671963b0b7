import type { SecretKind } from '../bag/index-entry.ts';

/** Of each file so many bytes are looked at; secrets stand at the beginning of small files. */
export const SECRET_HEAD = 64 * 1024;
/** Larger files are data. */
export const LARGEST_SECRET_FILE = 1024 * 1024;

/**
 * What kind of secret the beginning of a file holds, whatever its name is. Pure; what was found is not returned.
 * @param head SECRET_HEAD bytes of a file, or some more of an export
 * @param path absolute, or relative to a bag: settings count in configuration files only
 */
export function findSecretContent(head: Buffer, path: string): SecretKind | undefined {
  if (isKeytab(head)) return 'keytabs';
  const isSqlite = head.subarray(0, SQLITE.length).equals(SQLITE);
  if (!isSqlite && head.subarray(0, 512).includes(0)) return undefined; // no text
  const text = head.toString('latin1');
  PAIRS.read(head);
  if (isSqlite) return holdsAny(HASHES, text) ? 'password hashes' : undefined;
  if (holdsAny(PRIVATE_KEYS, text)) return 'private keys';
  if (holdsAny(HASHES, text) || isPasswordList(text)) return 'password hashes';
  if (holdsAny(TOKENS, text)) return 'tokens and passwords';
  return isConfiguration(path) && holdsSetting(text) ? 'tokens and passwords' : undefined;
}

/**
 * Which two bytes stand beside each other in a text. Most texts lack two that a shape needs, which one pass tells of all shapes: looking for each in
 * turn took a quarter of the time in which many small files are archived.
 */
class BytePairs {
  readonly #seen = new Uint8Array(2 ** 16);
  /** What a pair of the present text is marked with: the marks of earlier ones need not be taken away. */
  #mark = 0;

  read(bytes: Buffer): void {
    this.#mark = (this.#mark + 1) & 0xff;
    if (this.#mark === 0) {
      this.#seen.fill(0);
      this.#mark = 1;
    }
    const [seen, mark] = [this.#seen, this.#mark];
    let pair = 0;
    for (let n = 0; n < bytes.length; n++) {
      pair = ((pair << 8) | bytes[n]!) & 0xffff;
      seen[pair] = mark;
    }
  }

  /** Whether all of them were in what was read last. */
  has(pairs: readonly number[]): boolean {
    for (const pair of pairs) if (this.#seen[pair] !== this.#mark) return false;
    return true;
  }
}

const PAIRS = new BytePairs();

/** An expression, and letters that every text that it matches has in it: nearly all have not, which is found out ten times as fast. */
interface Shape {
  needs: string;
  /** Of two letters each. */
  pairs: number[];
  expression: RegExp;
}

function shape(needs: string, expression: RegExp): Shape {
  const bytes = Buffer.from(needs, 'latin1');
  const pairs = [...bytes.subarray(1)].map((byte, n) => (bytes[n]! << 8) | byte);
  return { needs, pairs, expression };
}

/** @param text what PAIRS has read */
function holdsAny(shapes: Shape[], text: string): boolean {
  return shapes.some(
    ({ needs, pairs, expression }) => PAIRS.has(pairs) && text.includes(needs) && expression.test(text),
  );
}

/** https://www.sqlite.org/fileformat.html#magic_header_string; a table of users stands in its first pages as text. */
const SQLITE = Buffer.from('SQLite format 3\0');

/** Of a key more than its first line has to be there: manuals and programs name that, too. */
const PRIVATE_KEYS = [
  // RFC 7468, RFC 1421 (headers), openssh/PROTOCOL.key; in JSON a line ends with \n in letters
  shape(
    'PRIVATE KEY',
    /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----(?:\s|\\[nr])+(?:[\w-]+: [^\n]*\n\s*)*[A-Za-z0-9+/]{32}/,
  ),
  shape('PGP PRIVATE KEY', /-----BEGIN PGP PRIVATE KEY BLOCK-----\s[\s\S]{0,400}?[A-Za-z0-9+/]{60}/), // RFC 9580, 6.2
  shape('PuTTY-User-Key-File-', /^PuTTY-User-Key-File-[1-3]: [\s\S]*?^Private-Lines: [1-9]/m), // PuTTY manual, appendix C
  shape('AGE-SECRET-KEY-1', /AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}/), // age.md
  shape('PrivateKey', /PrivateKey\s*=\s*[A-Za-z0-9+/]{43}=/), // wg(8)
];

/** crypt(5), htpasswd(1), RFC 2307, slapd.conf(5), the dumps of PostgreSQL and MariaDB, smbpasswd(5). */
const HASHES = [
  shape('$', /\$(?:1|apr1)\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{22}(?![./0-9A-Za-z])/),
  shape('$5$', /\$5\$(?:rounds=\d+\$)?[^\s$:]{1,16}\$[./0-9A-Za-z]{43}(?![./0-9A-Za-z])/),
  shape('$6$', /\$6\$(?:rounds=\d+\$)?[^\s$:]{1,16}\$[./0-9A-Za-z]{86}(?![./0-9A-Za-z])/),
  shape('$2', /\$2[abxy]?\$\d\d\$[./0-9A-Za-z]{53}(?![./0-9A-Za-z])/),
  shape('y$', /\$g?y\$[./0-9A-Za-z]+\$[./0-9A-Za-z]*\$[./0-9A-Za-z]{43}(?![./0-9A-Za-z])/),
  shape('$argon2', /\$argon2(?:id?|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{16}/),
  shape('{', /\{S?(?:SHA|SHA256|SHA384|SHA512|MD5)\}[A-Za-z0-9+/]{20,}={0,2}/),
  shape('{', /\{(?:CRYPT|ARGON2|PBKDF2[\w-]*)\}\S{13}/),
  shape('userPassword:', /userPassword::? ?\S{4}/),
  shape('olcRootPW:', /olcRootPW::? ?\S{4}/),
  shape('SCRAM-SHA-256$', /SCRAM-SHA-256\$\d+:[A-Za-z0-9+/=]{8,}\$[A-Za-z0-9+/=]{40}/),
  shape("PASSWORD 'md5", /PASSWORD 'md5[0-9a-f]{32}'/),
  shape(" '*", /(?:PASSWORD|AS|,) '\*[0-9A-F]{40}'/),
  shape(':[', /:[0-9A-F]{32}:\[[UNDWSLXI ]{11}\]:/),
];

/** Forms that the services themselves document for their scanners. */
const TOKENS = [
  shape('AKIA', /\bAKIA[A-Z2-7]{16}\b(?<!EXAMPLE)/),
  shape('ASIA', /\bASIA[A-Z2-7]{16}\b(?<!EXAMPLE)/),
  shape('_', /\bgh[pousr]_[A-Za-z0-9]{36}/),
  shape('github_pat_', /\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}/),
  shape('glpat-', /\bglpat-[\w-]{20}/),
  shape('xox', /\bxox[abeprs]-[A-Za-z0-9-]{20}/),
  shape('hooks.slack.com/', /hooks\.slack\.com\/services\/T[A-Z0-9]{8,}\/B[A-Z0-9]{8,}\/[A-Za-z0-9]{20}/),
  shape('npm_', /\bnpm_[A-Za-z0-9]{36}\b/),
  shape('pypi-', /\bpypi-AgEIcHlwaS5vcmc[\w-]{50}/),
  shape('k_live_', /\b[sr]k_live_[A-Za-z0-9]{24}/),
  shape('AIza', /\bAIza[\w-]{35}(?![\w-])/),
  shape('SG.', /\bSG\.[\w-]{22}\.[\w-]{43}/),
  shape('passw', /\s[\w.-]+\/[\w./-]*passw[\w-]*\s+password\s+[^\s\\'"]{4}/), // debconf-set-selections(1)
  shape('secret', /\bsecret\s+"[A-Za-z0-9+/]{16,}={0,2}"\s*;/), // named.conf, key
];

/** A keytab begins with 5, 2 and the length of its first entry, which begins with 1 to 8 names (krb5, "keytab file format"). */
function isKeytab(head: Buffer): boolean {
  if (head.length < 12 || head[0] !== 5 || head[1] !== 2) return false;
  const [length, names, realm] = [head.readInt32BE(2), head.readUInt16BE(6), head.readUInt16BE(8)];
  return length > 12 && length < 4096 && names >= 1 && names <= 8 && realm >= 1 && realm < length;
}

const DIGEST_LINE = /^[^:\s]+:[^:]+:[0-9a-f]{32}$/;
const DES_LINE = /^[^:\s]+:(?=.*[A-Z])(?=.*[a-z])[./0-9A-Za-z]{13}$/;
const MOST_LINES = 2000;

/** htdigest(1), and htpasswd(1) with crypt's oldest form: nothing in a line says so, so all lines have to be such. */
function isPasswordList(text: string): boolean {
  if (text.length < 16 || text.indexOf(':') < 1) return false;
  const lines = text.split('\n', MOST_LINES).filter(line => line !== '' && !line.startsWith('#'));
  return lines.length > 0 && (lines.every(line => DIGEST_LINE.test(line)) || lines.every(line => DES_LINE.test(line)));
}

const CONFIGURATION =
  /^\/etc\/|^data\/(?:settings|rebuild)\/|\.(?:conf|cfg|cnf|ini|env|ya?ml|toml|properties|json|php|xml)$/;

function isConfiguration(path: string): boolean {
  return CONFIGURATION.test(path);
}

/** `db_password = x`, `"apiToken": "x"`, `define('DB_PASSWORD', 'x')`, `$pass => 'x'`; the name ends so. */
const SETTING =
  /^[ \t]*(?:export[ \t]+|define\([ \t]*|ENV[ \t]+|\$)?["']?(?:ldap |admin )?[\w.-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|secret[_-]?key|access[_-]?key|bindpw|rootpw)["']?[ \t]*(?:=>|[:=,])[ \t]*["']?([^\s"'#;,)<]{4,})/gim;
/** The same without a sign between (redis.conf, ldap.conf, slapd.conf). */
const WORDS = /^[ \t]*(?:requirepass|masterauth|bindpw|rootpw)[ \t]+["']?([^\s"'#;,)<]{4,})/gim;
/** `postgres://app:x@db/`. */
const ADDRESS = /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s:@/"'<>]{1,64}:([^\s:@/"'<>]{3,})@/gi;
/** No secrets: switches, places, variables, sources of nsswitch.conf(5), programs, and what testparm and others print for "unset". */
const EMPTY =
  /^(?:true|false|none|null|required|optional|files|compat|systemd|prompt|default|disabled|enabled|scram-sha-256|\/.*|[$%{<*(|@].*|x{4,}|\*+)$/i;

function holdsSetting(text: string): boolean {
  const shapes = text.includes('://') ? [SETTING, WORDS, ADDRESS] : [SETTING, WORDS];
  return shapes.some(shape => [...text.matchAll(shape)].some(match => !EMPTY.test(match[1]!) && !isComment(match)));
}

/** Examples stand in comments. */
function isComment({ input, index }: RegExpExecArray): boolean {
  const line = input.slice(input.lastIndexOf('\n', index - 1) + 1, index + 1).trimStart();
  return /^(?:[#;!*]|\/[/*]|<!--|--)/.test(line);
}
