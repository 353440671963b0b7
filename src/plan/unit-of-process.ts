import type { RunningProcess } from '../system/system-facts.ts';
import type { UnitSection } from './unit-file.ts';

/** By these a program goes into the background by itself; others are put there. */
const DETACHES = /^--(detach|daemon|daemonize|background|fork)(=(yes|true|1))?$/;

/**
 * A service unit (systemd.service(5)) that starts a program as it was seen running: the same words, the same user.
 * @returns undefined where the words would need quoting: a bag is untrusted, and a title like `sshd: [listener]` is no command
 */
export function unitOfProcess(process: RunningProcess): ReadonlyMap<string, UnitSection> | undefined {
  const words = [process.program, ...process.argv.slice(1)];
  if (!process.program.startsWith('/') || !words.every(word => /^[\w@+=:,./-]+$/.test(word))) return undefined;
  // A program that was given the name of its user is started by root and changes to it by itself.
  const changes = process.user === 'root' || words.some(word => word.split(/[=:]/).includes(process.user));
  const service = new Map([
    ['Type', [words.some(word => DETACHES.test(word)) ? 'forking' : 'simple']],
    ['ExecStart', [words.join(' ')]],
    ...(changes || !/^[a-z_][\w-]*$/i.test(process.user) ? [] : [['User', [process.user]] as [string, string[]]]),
  ]);
  return new Map([['Service', service]]);
}
