import { setTimeout as sleep } from 'node:timers/promises';
import type { Manifest } from '../bag/manifest.ts';
import type { Difference, Service } from '../knowledge/service.ts';
import { mapPath, type Substitution } from '../plan/path-substitution.ts';
import type { NewSystem } from '../restore/new-system.ts';
import { readAccounts } from '../system/read-system.ts';
import { readRunning } from '../system/running.ts';
import type { Accounts } from '../system/system-facts.ts';
import { readSystemFiles } from '../system/system-files.ts';
import { addedRows } from './added-rows.ts';
import { compareAccounts } from './compare-accounts.ts';
import { compareInventories } from './compare-inventories.ts';
import { compareRunning, type Names, type Running, sameProgram } from './compare-running.ts';
import { joinProofs, type StateProof, stateAgrees } from './finding.ts';
import type { Inventory } from './inventory.ts';
import { movedPorts, portKey } from './moved-ports.ts';
import { SQLITE_ROWS, sqliteRows } from './sqlite-rows.ts';
import { takeInventories } from './take-inventories.ts';

/** Seconds that daemons get after a start until all of them run and hold what they held. */
export const PATIENCE = 10;

/** What a running container is held against, and how its names are found. */
export interface Before {
  manifest: Manifest;
  accounts: Accounts;
  /** Accounts of the image that the old container ran from, when known. */
  image: Accounts | undefined;
  /** Names of accounts that came with today's base. */
  brought: ReadonlySet<string>;
  inventories: Inventory[];
  /** Knowledge entries that recognised the service. */
  services: readonly Service[];
  /** What those entries mended, or would. */
  differences: readonly { service: string; difference: Difference }[];
  substitutions: Substitution[];
  successors: ReadonlyMap<string, readonly string[]>;
}

/**
 * Accounts, ports with their programs, processes and inventories of a running container against those of before the end.
 * @param patience seconds that what differs may take to come right: daemons that were just started need some
 */
export async function proveRunning(system: NewSystem, before: Before, patience: number): Promise<StateProof> {
  const accounts = readAccounts(
    await readSystemFiles(
      system.target,
      ['passwd', 'group', 'shadow', 'gshadow'].map(name => `etc/${name}`),
    ),
  );
  const running = await settled(patience, async () =>
    compareWithToday(system, before.manifest.service, await runningOf(system, accounts), namesFrom(before, system)),
  );
  const only = new Set(before.inventories.map(each => `${each.service}/${each.id}`));
  const known = new Set(before.services.flatMap(each => each.inventory.map(({ id }) => `${each.id}/${id}`)));
  known.add(`${SQLITE_ROWS.service}/${SQLITE_ROWS.id}`);
  const held = async () => {
    const { inventories } = await takeInventories(system.target, before.services, only);
    inventories.push(...(await sqliteToday(system, before)));
    return compareInventories(
      before.inventories,
      inventories,
      each => known.has(`${each.service}/${each.id}`),
      addedRows(before.differences),
    );
  };
  const inventories = only.size === 0 ? { compared: {}, findings: [] } : await settled(patience, held);
  return joinProofs(compareAccounts(before.accounts, before.image, accounts, before.brought), running, inventories);
}

async function compareWithToday(system: NewSystem, then: Running, now: Running, names: Names): Promise<StateProof> {
  const listens = new Set(now.sockets.map(portKey));
  const missing = then.sockets.filter(each => !listens.has(portKey(each)));
  const moved = await movedPorts(system, missing, then.sockets, sameProgram(then, now, names));
  return compareRunning(then, now, names, moved);
}

async function sqliteToday({ target }: NewSystem, { inventories, substitutions }: Before): Promise<Inventory[]> {
  const files = inventories.flatMap(each => (each.service === SQLITE_ROWS.service ? (each.files ?? []) : []));
  const rows = await sqliteRows(target, new Map(files.map(path => [path, mapPath(path, substitutions)])));
  return rows ? [rows] : [];
}

/** What runs in the container, with the packages of its programs. */
export function runningOf(system: NewSystem, accounts: Accounts): Promise<Running> {
  const users = new Map(accounts.passwd.toReversed().map(each => [each.uid, each.name]));
  return readRunning(
    system.target,
    uid => users.get(uid) ?? String(uid),
    path => system.packages.get(system.canonical(path))?.package ?? '',
  );
}

/** Daemons need a moment: a comparison is made again until nothing differs or the time is over. */
async function settled(patience: number, compare: () => Promise<StateProof>): Promise<StateProof> {
  const until = Date.now() + patience * 1000;
  while (true) {
    const proof = await compare();
    if (stateAgrees(proof) || Date.now() > until) return proof;
    await sleep(100);
  }
}

function namesFrom({ manifest, substitutions, successors }: Before, system: NewSystem): Names {
  const basic = new Set(manifest.system.packages.filter(each => each.priority === 'required').map(each => each.name));
  return {
    mapPath: path => mapPath(path, substitutions),
    followLink: path => system.followLink(path),
    successors: name => successors.get(name) ?? [name],
    isBasic: name => basic.has(name),
  };
}
