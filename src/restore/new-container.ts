import type { Bag } from '../bag/open-bag.ts';
import { BUILD_LABEL } from '../engine/inspect.ts';
import { packageOfPrograms } from '../plan/versioned-programs.ts';
import { printable } from '../system/byte-text.ts';
import type { Run } from './carry-out.ts';
import { STAGES } from './journal.ts';
import { CACHED, imageTag, removeBuilt } from './made.ts';
import { NewSystem } from './new-system.ts';
import type { Preparation } from './prepare-restore.ts';
import type { RestoreOptions } from './restore.ts';
import { buildServiceImage } from './service-image.ts';
import { READY_MARK, startContainer } from './start-container.ts';
import { IMAGE_LABEL, RESTORE_LABEL } from './unfinished.ts';

/** What an earlier run of it started would be in the way: the container starts anew and waits again. */
export async function goOnWith(
  { engine, name, progress }: RestoreOptions,
  run: Run,
  container: string,
): Promise<NewSystem> {
  progress.step(`Going on with the unfinished restore in the container ${name}`);
  const { id } = await engine.inspectContainer(container);
  Object.assign(run.made, { container: id, volumes: run.found.volumes, image: imageTag(name) });
  await engine.exec(id, ['rm', '-f', '--', READY_MARK], { user: '0' });
  await engine.stop(id, 1);
  await engine.start(id);
  return NewSystem.open(engine, id);
}

/** Builds the image, unless an earlier run has, and starts a container of it that waits. */
export async function newContainer(options: RestoreOptions, prepared: Preparation, run: Run): Promise<NewSystem> {
  const { engine } = options;
  const { bag, plan } = prepared;
  const { journal, made } = run;
  // What the engine still built when an earlier run was killed.
  if (options.resume && !run.found.image && made.label !== CACHED) await removeBuilt(engine, made.label);
  const id = run.found.image ?? (await newImage(options, prepared, run));
  const [image, points] = await Promise.all([engine.inspectImage(id), mountPoints(bag)]);
  made.image = imageTag(options.name);
  made.label = image.labels[BUILD_LABEL] ?? made.label;
  if (run.found.image)
    journal.done('build', 'the image of the unfinished restore is used', 'same bag, same base', 'build/resume');
  const startedContainer = await startContainer({
    engine,
    name: options.name,
    image,
    run: bag.manifest.service.run,
    oldImage: bag.manifest.service.image,
    substitutions: plan.substitutions,
    packageOf: packageOfPrograms(bag.manifest.system.versionedPrograms),
    mountPoints: points,
    publish: options.publish ?? true,
    labels: { [RESTORE_LABEL]: run.key },
    allowPrivileged: options.allowPrivileged ?? false,
  });
  made.container = startedContainer.container;
  made.volumes = startedContainer.volumes;
  for (const note of startedContainer.notes) journal.look('start', note, 'it cannot be repeated here', 'start/options');
  for (const name of startedContainer.renamed)
    journal.done(
      'start',
      `${printable(name)} of the environment has the paths of today`,
      'the version stands in names and paths',
      'names/start',
    );
  return NewSystem.openForPackages(engine, startedContainer.container);
}

async function newImage(
  options: RestoreOptions,
  prepared: Preparation,
  { journal, made, key, early }: Run,
): Promise<string> {
  const { plan } = prepared;
  const names = { tag: imageTag(options.name), label: made.label, labels: { [IMAGE_LABEL]: key } };
  const id = await journal.stage('build', STAGES.build, () =>
    buildServiceImage(options, prepared, names, journal, early && { build: early, key }),
  );
  const how = plan.dockerfile.generated ? 'from the chosen packages' : 'from the recorded Dockerfile';
  journal.done('build', `built on ${plan.base}`, how, 'build/dockerfile', plan.dockerfile.diff);
  return id;
}

/** Mounts that get a volume again: those that were kept and are folders. A mounted file is put back as a file. */
async function mountPoints(bag: Bag): Promise<string[]> {
  const points = new Set(bag.manifest.mounts.filter(each => each.kept).map(each => each.destination));
  for await (const entry of bag.readIndex())
    if (points.has(entry.path) && entry.kind !== 'directory') points.delete(entry.path);
  return [...points];
}
