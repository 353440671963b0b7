import type { Service } from '../knowledge/service.ts';
import { withoutAddress } from '../smoke/answer-lines.ts';
import { finish } from '../smoke/content.ts';
import { printable } from '../system/byte-text.ts';
import type { Target } from '../system/target.ts';
import type { Inventory } from './inventory.ts';

/** Milliseconds for one inventory: counting the rows of large tables takes its time. */
const PATIENCE = 180_000;
/** Rows of one inventory. */
const MOST = 50_000;

export interface Taken {
  inventories: Inventory[];
  /** Why one that applies could not be taken, in words. */
  notes: string[];
}

/**
 * Asks the programs of recognised services what they hold, by the `inventory` of their knowledge entries.
 * @param only ids `service/inventory` to ask for whether or not their `when` says so; all that apply without it
 */
export async function takeInventories(
  target: Target,
  services: readonly Service[],
  only?: ReadonlySet<string>,
): Promise<Taken> {
  const taken: Taken = { inventories: [], notes: [] };
  let own: string[] | undefined;
  for (const service of services) {
    for (const each of service.inventory) {
      if (only && !only.has(`${service.id}/${each.id}`)) continue;
      if (!only && each.when && (await target.exec(['sh', '-c', each.when], { allowFailure: true })).code !== 0)
        continue;
      own ??= await namesOfItsOwn(target);
      const rows = await takeOne(target, each, own).catch(error => String(error.message ?? error));
      if (typeof rows === 'string')
        taken.notes.push(`The inventory of ${service.title} (${each.title}) could not be taken: ${rows}`);
      else taken.inventories.push({ service: service.id, id: each.id, title: each.title, rows, unsteady: [] });
    }
  }
  return taken;
}

/** The first inventories, with the keys that a second look did not repeat marked. */
export function markUnsteady(first: readonly Inventory[], second: readonly Inventory[]): Inventory[] {
  return first.map(one => {
    const again = second.find(each => each.service === one.service && each.id === one.id);
    const [was, is] = [new Map(one.rows), new Map(again?.rows ?? one.rows)];
    const keys = new Set([...was.keys(), ...is.keys()]);
    return { ...one, unsteady: [...keys].filter(key => was.get(key) !== is.get(key)).sort() };
  });
}

/**
 * IPv4 addresses (proc_net_fib_trie: a `32 host LOCAL` below its address), and the name that the engine made up: of this one container,
 * and of no service. A name that its owner gave is the service's.
 */
const OWN_NAMES = `
awk '/32 host LOCAL/ { print address } { address = $2 }' /proc/net/fib_trie 2>/dev/null | sort -u
cat /proc/sys/kernel/hostname
exit 0
`;

async function namesOfItsOwn(target: Target): Promise<string[]> {
  const { stdout } = await target.exec(['sh', '-c', OWN_NAMES], { allowFailure: true });
  return stdout
    .toString()
    .split('\n')
    .filter(each => /^[\d.]{7,}$|^[0-9a-f]{12}$/.test(each));
}

async function takeOne(
  target: Target,
  how: Service['inventory'][number],
  own: string[],
): Promise<Inventory['rows'] | string> {
  const stream = target.execStream(['sh', '-c', `set -eu\n${how.run}`], {
    allowFailure: true,
    ...(how.user ? { user: how.user } : {}),
  });
  const { code, stdout, stderr } = await finish(stream, AbortSignal.timeout(PATIENCE));
  if (code !== 0) return printable(stderr.trim().split('\n').at(-1) ?? '') || `exit code ${code}`;
  if (!stdout.bytes) return 'it is too long';
  const rows = parseInventory(own.reduce(withoutAddress, stdout.bytes.toString()));
  return rows.length > MOST ? `it has ${rows.length} rows, at most ${MOST} are compared` : rows;
}

/** Lines `key<TAB>value`; a key that comes again is numbered, so that a row that is lost shows. */
export function parseInventory(text: string): Inventory['rows'] {
  const seen = new Map<string, number>();
  return text
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => {
      const [key = '', ...value] = line.split('\t');
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      return [count === 1 ? key : `${key} (${count})`, value.join(' ').trim()];
    });
}
