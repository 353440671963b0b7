import type { NewSystem } from '../restore/new-system.ts';
import type { Finding } from './finding.ts';
import { readUnowned } from './read-unowned.ts';

/**
 * What came into /etc since the service was restored, of which neither the archive nor a package knows.
 * @param then what was there when the restored service ran
 * @param writers accounts that the service's programs run as: what they make there is their own
 */
export async function compareUnowned(
  system: NewSystem,
  then: readonly string[],
  writers: ReadonlySet<string>,
): Promise<Finding[]> {
  const known = new Set(then);
  const names = new Map(system.accounts.passwd.map(each => [each.uid, each.name]));
  return (await readUnowned(system))
    .filter(path => !known.has(path))
    .sort()
    .map(path => newcomer(path, writers.has(names.get(system.entries().get(path)?.uid ?? 0) ?? '')));
}

function newcomer(path: string, isWritten: boolean): Finding {
  return {
    area: 'file',
    subject: path,
    attribute: 'presence',
    was: 'missing',
    is: 'there',
    verdict: isWritten ? 'explained' : 'differs',
    why: isWritten ? 'the service that runs writes it' : 'it came since the restore; no package has it',
    rule: 'state/newcomer',
  };
}
