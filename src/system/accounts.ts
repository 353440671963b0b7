import { PerennialError } from '../errors.ts';
import { decodeBytes, encodeBytes } from './byte-text.ts';
import type { Accounts, GroupEntry, PasswdEntry, ShadowEntry, SubIdEntry } from './system-facts.ts';

/** The six account databases below /etc, by the names that they have there. */
export type AccountFile = keyof Accounts;
export const accountFiles: readonly AccountFile[] = ['passwd', 'group', 'shadow', 'gshadow', 'subuid', 'subgid'];

/** What /etc holds; a missing file is an empty database. */
export type AccountTexts = { readonly [F in AccountFile]?: Buffer | string | undefined };

/** Largest id that a 32-bit uid_t or gid_t can name; 2^32-1 means "no id" to chown(2). */
const LARGEST_ID = 0xffff_fffe;

const readers: { [F in AccountFile]: (fields: string[]) => Accounts[F][number] | undefined } = {
  passwd: readPasswd,
  group: readGroup,
  shadow: readShadow,
  gshadow: readShadow,
  subuid: readSubId,
  subgid: readSubId,
};

/**
 * Reads the account databases: passwd(5), group(5), shadow(5), gshadow(5), subuid(5), subgid(5).
 * Like the C library it passes over comments, blank lines, NIS compat lines (`+`, `-`) and lines without their numbers
 * (findOddLines tells of them), and takes missing last fields as empty. Duplicates are kept, in order. Never throws.
 */
export function parseAccounts(texts: AccountTexts): Accounts {
  const read = <F extends AccountFile>(file: F): Accounts[F][number][] =>
    linesOf(texts[file]).flatMap(line => {
      const entry = readers[file](line.split(':'));
      return entry ? [entry] : [];
    });
  return {
    passwd: read('passwd') as PasswdEntry[],
    group: read('group') as GroupEntry[],
    shadow: read('shadow') as ShadowEntry[],
    gshadow: read('gshadow') as ShadowEntry[],
    subuid: read('subuid') as SubIdEntry[],
    subgid: read('subgid') as SubIdEntry[],
  };
}

/** Lines that parseAccounts passed over and that say something: NIS and broken ones. Only the name is given, never a hash. */
export function findOddLines(texts: AccountTexts): { file: AccountFile; name: string }[] {
  return accountFiles.flatMap(file =>
    linesOf(texts[file])
      .map(line => line.split(':'))
      .filter(fields => !readers[file](fields))
      .map(fields => ({ file, name: fields[0]! })),
  );
}

/**
 * The databases as files again, byte for byte what parseAccounts read apart from the lines that it passed over.
 * Databases without entries are left out, so that no file appears where the system had none.
 * Throws `bad-input` when a field would break out of its line: records may come from a bag.
 */
export function formatAccounts(accounts: Accounts): Partial<Record<AccountFile, Buffer>> {
  const lines: Record<AccountFile, string[][]> = {
    passwd: accounts.passwd.map(u => [u.name, u.password, `${u.uid}`, `${u.gid}`, u.gecos, u.home, u.shell]),
    group: accounts.group.map(g => [g.name, g.password, `${g.gid}`, membersField(g)]),
    shadow: accounts.shadow.map(s => [s.name, ...s.fields]),
    gshadow: accounts.gshadow.map(s => [s.name, ...s.fields]),
    subuid: accounts.subuid.map(s => [s.name, `${s.start}`, `${s.count}`]),
    subgid: accounts.subgid.map(s => [s.name, `${s.start}`, `${s.count}`]),
  };
  const files: Partial<Record<AccountFile, Buffer>> = {};
  for (const file of accountFiles) {
    if (lines[file].length > 0) files[file] = encodeBytes(lines[file].map(fields => line(file, fields)).join(''));
  }
  return files;
}

function line(file: AccountFile, fields: string[]): string {
  const broken = fields.some(field => /[:\n\0]/.test(field)) || fields[0] === '';
  if (broken) {
    throw new PerennialError('bad-input', `An entry of ${file} has a colon, newline or NUL in a field, or no name`, {
      hint: 'Correct the account databases of the old system, or of the bag, and try again.',
    });
  }
  return `${fields.join(':')}\n`;
}

function membersField(group: GroupEntry): string {
  if (group.members.some(member => member.includes(','))) {
    throw new PerennialError('bad-input', `A member of group ${group.name} has a comma in its name`, {
      hint: 'Correct the account databases of the old system, or of the bag, and try again.',
    });
  }
  return group.members.join(',');
}

/** Lines that are neither blank nor comments; blanks before a name do not count. */
function linesOf(text: Buffer | string | undefined): string[] {
  const whole = typeof text === 'string' ? text : text ? decodeBytes(text) : '';
  return whole
    .split('\n')
    .map(each => each.replace(/^[ \t]+/, ''))
    .filter(each => each.trim() !== '' && !each.startsWith('#') && !each.includes('\0'));
}

function readPasswd([name, password = '', uid, gid, gecos = '', home = '', ...shell]: string[]):
  | PasswdEntry
  | undefined {
  const ids = [findNumber(uid, LARGEST_ID), findNumber(gid, LARGEST_ID)];
  if (!isName(name) || ids[0] === undefined || ids[1] === undefined) return undefined;
  return { name, password, uid: ids[0], gid: ids[1], gecos, home, shell: shell[0] ?? '' };
}

function readGroup([name, password = '', gid, members = '']: string[]): GroupEntry | undefined {
  const id = findNumber(gid, LARGEST_ID);
  if (!isName(name) || id === undefined) return undefined;
  return {
    name,
    password,
    gid: id,
    members: members
      .split(',')
      .map(each => each.trim())
      .filter(Boolean),
  };
}

function readShadow([name, ...fields]: string[]): ShadowEntry | undefined {
  return isName(name) && fields.length > 0 ? { name, fields } : undefined;
}

function readSubId([name, start, count]: string[]): SubIdEntry | undefined {
  const from = findNumber(start, LARGEST_ID);
  const length = findNumber(count, LARGEST_ID);
  return isName(name) && from !== undefined && length !== undefined ? { name, start: from, count: length } : undefined;
}

/** A leading `+` or `-` is no name but the NIS compat syntax of nsswitch.conf(5). */
function isName(name: string | undefined): name is string {
  return name !== undefined && name !== '' && !/^[+-]/.test(name);
}

function findNumber(text: string | undefined, largest: number): number | undefined {
  const number = text !== undefined && /^\s*\d{1,10}\s*$/.test(text) ? Number(text) : undefined;
  return number !== undefined && number <= largest ? number : undefined;
}
