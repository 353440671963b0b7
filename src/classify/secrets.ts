import type { IndexEntry, SecretKind } from '../bag/index-entry.ts';
import { compileGlobs } from './rule.ts';

export type { SecretKind } from '../bag/index-entry.ts';

/** Secrets of one kind: where they are, never what they are. */
export interface SecretCount {
  kind: SecretKind;
  /** Paths, or words such as "environment DB_PASSWORD". */
  paths: string[];
}

export type SecretFacts = Pick<IndexEntry, 'path' | 'kind' | 'mode' | 'size' | 'rule' | 'disposition' | 'secret'>;

interface Recogniser {
  kind: SecretKind;
  globs: string[];
  /** Counts only where not everybody may read it: the name alone says little (`*.pem` is mostly a certificate). */
  unlessPublic?: boolean;
}

/*
 * Names that programs give to files with secrets: shadow(5), ssh-keygen(1), smbpasswd(5), tdbbackup(8), htpasswd(1),
 * pgpass (PostgreSQL, libpq), netrc(5), git-credential-store(1), krb5 keytab(5), rndc.conf(5), machine-id(5), opasswd (pam_pwhistory(8)).
 */
const RECOGNISERS: Recogniser[] = [
  {
    kind: 'password hashes',
    globs: [
      '/etc/{shadow,gshadow}',
      '/etc/security/opasswd',
      '/**/{passdb,secrets}.tdb',
      '/**/smbpasswd',
      '/**/{.htpasswd,.htdigest,*.htpasswd}',
      '/etc/{exim4,dovecot,vsftpd,proftpd,mosquitto,squid}/**/*passwd*',
    ],
  },
  {
    kind: 'private keys',
    globs: [
      '/etc/ssh/ssh_host_*_key',
      '/**/.ssh/id_{rsa,dsa,ecdsa,ed25519,ecdsa_sk,ed25519_sk}',
      '/etc/ssl/private/**',
      '/**/{privkey*.pem,*.key,*.p12,*.pfx,*.jks,*.keystore}',
      '/**/.gnupg/{private-keys-v1.d/*,secring.gpg}',
      '/etc/wireguard/*.conf',
    ],
  },
  { kind: 'private keys', globs: ['/**/*.pem'], unlessPublic: true },
  { kind: 'keytabs', globs: ['/**/*.keytab', '/**/krb5.keytab*'] },
  {
    kind: 'tokens and passwords',
    globs: [
      '/**/{.netrc,.pgpass,.my.cnf,.git-credentials,.npmrc,.pypirc,.vault-token,.boto,.s3cfg,.env}',
      '/**/.docker/config.json',
      '/**/.aws/credentials',
      '/**/.kube/config',
      '/etc/mysql/debian.cnf',
      '/etc/{ldap.secret,pam_ldap.secret,libnss-ldap.secret}',
      '/var/cache/debconf/passwords.dat',
    ],
  },
  { kind: 'tokens and passwords', globs: ['/**/*{password,passwd,secret,token,credential}*'], unlessPublic: true },
  {
    kind: 'secrets of the machine',
    globs: ['/**/{rndc.key,.erlang.cookie,cookie_secret*}', '/var/lib/systemd/random-seed'],
  },
];

const TESTS = RECOGNISERS.map(each => ({ ...each, test: compileGlobs(each.globs) }));

/** What kind of secret a kept file is by its content, as the index has it, or else probably by its path, mode and rule. Pure. */
export function findSecretKind(entry: SecretFacts): SecretKind | undefined {
  if (entry.disposition !== 'keep' && entry.disposition !== 'record') return undefined;
  if (entry.kind !== 'file' || entry.size === 0) return undefined;
  if (entry.secret) return entry.secret;
  const isPublic = (Number.parseInt(entry.mode, 8) & 0o004) !== 0;
  const named = TESTS.find(each => !(each.unlessPublic && isPublic) && each.test(entry.path));
  if (named) return named.kind;
  return entry.rule === 'image/secret' ? 'secrets of the machine' : undefined;
}

/** Whether lines of shadow(5) or gshadow(5) hold a password hash, also a locked one (`!` before it). */
export function holdsPasswordHash(text: string): boolean {
  return text
    .split('\n')
    .some(line => /^(\$|_|[./0-9A-Za-z]{13}$)/.test((line.split(':')[1] ?? '').replace(/^!+/, '')));
}

const SECRET_NAME = /PASS(WORD|WD|PHRASE)?(_|$)|SECRET|TOKEN|(API|ACCESS|PRIVATE|ENCRYPTION)_?KEY|CREDENTIAL/i;

/** Names of variables whose values are probably secrets. `POSTGRES_PASSWORD_FILE` only says where one is. */
export function secretVariables(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values)
    .filter(([name, value]) => value !== '' && SECRET_NAME.test(name) && !/_FILE$/i.test(name))
    .map(([name]) => name);
}

/** "private keys (2), password hashes (1)": counted by kind, nothing else. */
export function secretWords(secrets: readonly SecretCount[]): string {
  return secrets.map(each => `${each.kind} (${each.paths.length})`).join(', ');
}
