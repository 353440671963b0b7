import type { IndexEntry } from '../bag/index-entry.ts';
import { type Bag, readBagFile } from '../bag/open-bag.ts';
import type { TarHeader } from '../bag/tar-reader.ts';
import { isCarried } from '../bag/unpacked.ts';
import { readDistributions } from '../knowledge/read-distributions.ts';
import { readRules } from '../knowledge/read-rules.ts';
import type { Plan } from '../plan/plan.ts';
import type { Finding } from '../proof/finding.ts';
import { explainedPaths, recordRestore } from '../proof/record-restore.ts';
import { printable } from '../system/byte-text.ts';
import { allowServiceStarts, denyServiceStarts, installPackages } from './apply-packages.ts';
import { restoreAttributes } from './attributes.ts';
import { UNFLUSHED } from './build-image.ts';
import { checkServices } from './check-service.ts';
import type { Checkpoint, StateBack } from './checkpoint.ts';
import { restoreConfiguration } from './configuration.ts';
import { keepMovedNames, readDeclaredMoves } from './declared-moves.ts';
import { repeatDeletions } from './deletions.ts';
import { rewriteFiles, runDifferences, sayWarnings } from './differences.ts';
import { type Journal, STAGES } from './journal.ts';
import { installLanguagePackages } from './language-packages.ts';
import { layParents, layRuntimeFolders } from './lay-folders.ts';
import { LARGEST_MERGE, layFiles, layPayload } from './lay-payload.ts';
import { withListedVersions } from './listed-versions.ts';
import { loadExports } from './load-exports.ts';
import { loadIndex } from './load-index.ts';
import { installLocalPackages } from './local-packages.ts';
import { makeRoom } from './make-room.ts';
import type { NewSystem } from './new-system.ts';
import { OldNames } from './old-names.ts';
import { installOlderPackages } from './older-packages.ts';
import { replayDiversions, replayOverrides } from './overrides.ts';
import { restorePeople } from './people.ts';
import { placeAll, placer, restoredPaths } from './place-payload.ts';
import { KEEP_CARRIED } from './pre-state.ts';
import type { Preparation } from './prepare-restore.ts';
import { proveState, type StateDifference } from './prove-state.ts';
import { rebuildAddons } from './rebuild-addons.ts';
import { rebuildGems } from './rebuild-gems.ts';
import { remakeGenerated } from './remake-generated.ts';
import { keepProgramNames } from './renamed-programs.ts';
import { sayPowers } from './say-powers.ts';
import { keepServiceNames } from './service-names.ts';
import { installSplitPackages } from './split-packages.ts';
import { unpackArchives } from './unpack-archives.ts';

const FOREIGN =
  "only today's base is asked: whether that source has this release is its owner's to say; add it to the Dockerfile";

/** Everything that does not need a running program: from the waiting container to the proof that its state is back. */
export async function putStateBack(system: NewSystem, prepared: Preparation, journal: Journal): Promise<StateBack> {
  const { bag, accounts, oldImageAccounts } = prepared;
  let { plan } = prepared;
  const { manifest } = bag;
  const index = await loadIndex(bag);
  const owner = {
    packaged: (path: string) => packagedThen(index, path),
    changed: (name: string) => index.get(`/var/lib/dpkg/alternatives/${name}`)?.origin === 'operation',
    successor: (name: string) => successorOf(plan, name),
  };
  for (const line of manifest.system.extraRepositories)
    journal.look(
      'packages',
      `the old system had another package source: ${printable(line)}`,
      FOREIGN,
      'packages/repository',
    );
  await denyServiceStarts(system);
  await system.script('Letting dpkg ask again', `rm -f ${KEEP_CARRIED} ${UNFLUSHED}`);
  await journal.stage('packages', STAGES.packages, async () => {
    await installLocalPackages(system, bag, journal);
    await installPackages(system, plan, journal);
    await installOlderPackages(system, plan, manifest.system.packages, await readDistributions(), journal);
    await system.fresh();
    await installSplitPackages(system, plan, manifest, journal);
    await system.fresh();
  });
  await journal.stage('accounts', STAGES.accounts, () => restorePeople(system, accounts, oldImageAccounts, journal));
  if (await runDifferences(system, plan, 'before-state', journal)) system.touch();
  const defaultsBeside = new Set([...system.entries().keys()].filter(path => path.endsWith('.dpkg-dist')));
  if (await replayDiversions(system, manifest.system.overrides, plan.substitutions, journal)) system.touch();
  await system.fresh();
  plan = withListedVersions(prepared, system, journal).plan;
  if (!plan.sameRelease) plan = { ...plan, moves: await readDeclaredMoves(system, index, manifest.system.packages) };
  const place = placer(system, plan, index.keys());
  const placements = placeAll(index, system, plan, manifest, place, journal);
  sayPowers(index, placements, journal);
  await makeRoom(system, index, placements, plan.sameRelease, journal);
  const oldNames = new OldNames(plan.substitutions);
  const laid = await journal.stage('state', STAGES.state, async () => {
    await layParents(system, index, placements, place, journal);
    await layRuntimeFolders(system, index, place, journal);
    return layPayload(bag.openPayload(), index, placements, system, oldNames.areSought ? oldNames.watch : undefined);
  });
  journal.done(
    'state',
    `${laid.paths} paths, ${laid.bytes} bytes`,
    'by owner name, with modes, times, ACLs and attributes',
    'payload',
  );
  const unpacked = await unpackArchives(system, index, placements, journal);
  laid.captured.push(...(unpacked?.captured ?? []));
  system.touch(); // whoever has to know looks
  await replayOverrides(system, manifest.system.overrides, owner, plan.substitutions, journal);
  const entries = [...index.values()];
  await journal.stage('deletions', STAGES.deletions, () =>
    repeatDeletions(
      system,
      entries.filter(each => each.disposition === 'delete'),
      place,
      restoredPaths(placements),
      journal,
    ),
  );
  const placed = await journal.stage('configuration', STAGES.configuration, () =>
    restoreConfiguration(
      system,
      {
        captured: laid.captured,
        substitutions: plan.substitutions,
        defaultsBeside,
        pristine: path => readPristine(bag, path),
      },
      journal,
    ),
  );
  await layFiles(
    system,
    laid.links.map(header => ({ header, content: Buffer.alloc(0) })),
  );
  await system.lookAgain();
  const { start, run } = manifest.service;
  const starting = [start, ...run.entrypoint, ...run.command];
  await oldNames.keepCommands(system, starting, journal);
  await keepProgramNames(system, plan, manifest, journal);
  await keepMovedNames(system, plan.moves ?? new Map(), starting, journal);
  const deleted = new Set(entries.filter(each => each.disposition === 'delete').map(each => each.path));
  const then = { packages: manifest.system.packages, processes: manifest.service.processes, deleted };
  await keepServiceNames(system, plan, then, journal);
  await remakeGenerated(system, await readRules(), restoredPaths(placements), journal);
  await rewriteFiles(system, plan, journal);
  await restoreAttributes(
    system,
    entries.filter(each => each.disposition === 'attributes'),
    place,
    journal,
  );
  await runDifferences(system, plan, 'after-state', journal);
  await journal.stage('checks', STAGES.checks, () => checkServices(system, plan, placed, 'before-load', journal));
  // Before the programs of the exports run: they write logs of their own.
  await setTimes(system, laid.directories);
  const differences = await journal.stage('state', STAGES.proof, () =>
    proveState(system, index, placements, system.mended, journal),
  );
  await journal.stage('packages', 'Installing language packages again', async () => {
    await installLanguagePackages(system, manifest, index, journal);
    if (plan.sameRelease) return;
    await rebuildGems(system, manifest, index, placements, place, journal);
    await rebuildAddons(system, index, placements, journal);
    await system.fresh();
  });
  sayWarnings(plan, journal);
  const recorded = await recordRestore(system, plan, manifest, index, placements, place);
  const proof = {
    compared: { file: entries.filter(isCarried).length },
    findings: [...differences.map(fileFinding), ...explainedPaths(recorded, index)],
  };
  return { placed, directories: laid.directories, proof };
}

/** The rest, up to the start of the service: exports are loaded, and the checkers are asked once more. */
export async function loadData(
  system: NewSystem,
  { bag, plan }: Preparation,
  journal: Journal,
  checkpoint: Checkpoint,
): Promise<void> {
  const once = checkpoint.once.bind(checkpoint);
  await denyServiceStarts(system);
  await journal.stage('exports', STAGES.exports, () => loadExports(system, bag, plan, journal, once));
  await runDifferences(system, plan, 'after-load', journal, once);
  await journal.stage('checks', "Asking the service's own checkers again", () =>
    checkServices(system, plan, checkpoint.state.placed, 'after-load', journal),
  );
  await setTimes(system, checkpoint.state.directories);
  await allowServiceStarts(system);
}

/** A time alone is no loss: content, owner and mode are compared besides. */
function fileFinding({ path, attribute, was, is }: StateDifference): Finding {
  const of = { area: 'file', subject: path, attribute, was, is, rule: 'state/proof' } as const;
  return attribute === 'mtime'
    ? { ...of, verdict: 'explained', why: 'only the time of the last change is another one' }
    : { ...of, verdict: 'differs', why: 'not as in the archive' };
}

/** Times of directories change with every file in them, so they come last. */
function setTimes(system: NewSystem, directories: TarHeader[]): Promise<void> {
  return layFiles(
    system,
    directories.map(header => ({ header, content: Buffer.alloc(0) })),
  );
}

/** Same names are not in the plan's resolutions where nothing was to be resolved (the same release). */
function successorOf({ resolutions }: Plan, name: string): string | undefined {
  const resolution = resolutions.find(each => each.old === name);
  return resolution ? resolution.new : name;
}

function packagedThen(index: ReadonlyMap<string, IndexEntry>, path: string): boolean {
  const entry = index.get(path);
  return entry === undefined || entry.package !== undefined; // unlisted paths are unchanged files of packages
}

async function readPristine(bag: Bag, path: string): Promise<Buffer | undefined> {
  const pristine = bag.manifest.pristine.find(each => each.path === path);
  return pristine ? readBagFile(bag, `data/${pristine.file}`, LARGEST_MERGE) : undefined;
}
