import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountFiles, parseAccounts } from '../../../src/system/accounts.ts';
import type { Accounts } from '../../../src/system/system-facts.ts';

/** Account databases of a real system, from __tests__/captured/accounts. */
export function capturedAccounts(name: string): Accounts {
  const folder = join(import.meta.dirname, '../../captured/accounts', name);
  const present = accountFiles.filter(file => existsSync(join(folder, file)));
  return parseAccounts(Object.fromEntries(present.map(file => [file, readFileSync(join(folder, file))])));
}

export function uidOf(accounts: Accounts, name: string): number | undefined {
  return accounts.passwd.find(user => user.name === name)?.uid;
}

export function gidOf(accounts: Accounts, name: string): number | undefined {
  return accounts.group.find(group => group.name === name)?.gid;
}

export function membersOf(accounts: Accounts, name: string): string[] | undefined {
  return accounts.group.find(group => group.name === name)?.members;
}

export function passwordOf(accounts: Accounts, name: string): string | undefined {
  return accounts.shadow.find(line => line.name === name)?.fields[0];
}
