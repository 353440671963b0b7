import type { Config } from '../config/config.ts';
import type { Engine } from '../engine/engine.ts';
import { readServices, recogniseServices } from '../knowledge/read-services.ts';
import type { Service } from '../knowledge/service.ts';
import type { Progress } from '../progress.ts';
import type { Inventory } from '../proof/inventory.ts';
import { markUnsteady, takeInventories } from '../proof/take-inventories.ts';
import { checkFlaky } from '../smoke/run-smoke.ts';
import type { SmokeAnswer, SmokeTest } from '../smoke/smoke-test.ts';
import { parseDpkgStatus } from '../system/dpkg.ts';
import { readRunning } from '../system/running.ts';
import type { ListeningSocket } from '../system/system-facts.ts';
import { readSystemFiles } from '../system/system-files.ts';
import type { Target } from '../system/target.ts';
import { defaultTests } from './default-tests.ts';

/** What the living service says before anything of it is read. */
export interface Living {
  tests: SmokeTest[];
  answers: SmokeAnswer[];
  inventories: Inventory[];
  notes: string[];
}

/** The container that is asked. */
export interface LivingContainer {
  engine: Engine;
  name: string;
  address: string;
  target: Target;
}

/**
 * Golden answers of the owner's smoke tests and of those that knowledge/ asks by itself, each asked twice, and what the services
 * say they hold. A default that fails or is not the same twice says nothing and is dropped: nobody asked for it.
 */
export async function askLiving(container: LivingContainer, config: Config, progress: Progress): Promise<Living> {
  const { services, sockets } = config.defaults ? await recogniseLiving(container.target, config.knowledge) : NOTHING;
  const defaults = await defaultTests(container.target, services, sockets);
  const tests = [...config.smoke, ...defaults.filter(each => !config.smoke.some(own => own.name === each.name))];
  const { inventories, notes } = await takeInventories(container.target, services);
  if (tests.length === 0) return { tests, answers: [], inventories, notes };
  const byThemselves = tests.length - config.smoke.length;
  progress.step(
    `Asking the living service ${tests.length} smoke tests${byThemselves > 0 ? ` (${byThemselves} by default)` : ''}, twice`,
  );
  const { engine, name, address } = container;
  const answers = await checkFlaky(tests, { engine, container: name, address, allowHost: true }, progress);
  const useless = new Set(
    tests.filter(test => test.from && !isTelling(answers.find(each => each.name === test.name))).map(each => each.name),
  );
  if (useless.size > 0)
    progress.step(`Not kept, since the living service gives no steady answer: ${[...useless].join(', ')}`);
  return {
    tests: tests.filter(each => !useless.has(each.name)),
    answers: answers.filter(each => !useless.has(each.name)),
    inventories,
    notes,
  };
}

/** Asks for the inventories once more, after the exports: what changes meanwhile proves nothing. */
export async function inventoriesAgain(
  target: Target,
  first: Inventory[],
  services: readonly Service[],
): Promise<Inventory[]> {
  if (first.length === 0) return first;
  const only = new Set(first.map(each => `${each.service}/${each.id}`));
  return markUnsteady(first, (await takeInventories(target, services, only)).inventories);
}

function isTelling(answer: SmokeAnswer | undefined): boolean {
  return answer !== undefined && !answer.flaky && /^(ok|connected|exit 0|[1-5]\d\d)$/.test(answer.status);
}

interface Recognised {
  services: Service[];
  sockets: ListeningSocket[];
}

const NOTHING: Recognised = { services: [], sockets: [] };

/** By packages and programs: files are not looked through yet. */
async function recogniseLiving(target: Target, knowledge: string | undefined): Promise<Recognised> {
  const status = 'var/lib/dpkg/status';
  const [services, files, { processes, sockets }] = await Promise.all([
    readServices(knowledge),
    readSystemFiles(target, [status]),
    readRunning(target, String, () => ''),
  ]);
  const packages = files.has(`/${status}`) ? parseDpkgStatus(files.text(`/${status}`), '') : [];
  const recognised = recogniseServices(services, {
    packages: packages.filter(each => each.status !== 'config-files').map(each => each.name),
    programs: processes.map(each => each.program.slice(each.program.lastIndexOf('/') + 1)),
    hasFile: () => false,
  });
  return { services: recognised, sockets };
}
