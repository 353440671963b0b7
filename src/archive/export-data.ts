import type { Dump } from '../bag/manifest.ts';
import type { BagWriter } from '../bag/write-bag.ts';
import type { ReplacedBy } from '../classify/classify.ts';
import { compileGlobs } from '../classify/rule.ts';
import { PerennialError } from '../errors.ts';
import type { Service, ServiceExport } from '../knowledge/service.ts';
import type { Progress } from '../progress.ts';
import type { Target } from '../system/target.ts';

export interface Exported {
  dumps: Dump[];
  replacedBy: ReplacedBy;
}

/**
 * Takes the logical exports of recognised services into the bag, streaming.
 * @throws PerennialError `step-failed` when an export that applies fails: the raw files alone would be worthless
 */
export async function exportData(
  target: Target,
  services: Service[],
  bag: BagWriter,
  keepRaw: boolean,
  progress: Progress,
): Promise<Exported> {
  const dumps: Dump[] = [];
  const replaced: { id: string; test: (path: string) => boolean }[] = [];
  for (const service of services) {
    for (const each of service.exports) {
      if (!(await applies(target, each))) continue;
      progress.step(`Exporting ${service.title}: ${each.why}`);
      dumps.push(await exportOne(target, service, each, bag));
      replaced.push({ id: `${service.id}/${each.id}`, test: await replacedPaths(target, service, each) });
    }
  }
  const replacedBy = (path: string) => replaced.find(each => each.test(path))?.id;
  return { dumps, replacedBy: Object.assign(replacedBy, { isEmpty: replaced.length === 0, keepsRaw: keepRaw }) };
}

async function applies(target: Target, each: ServiceExport): Promise<boolean> {
  if (!each.when) return true;
  return (await target.exec(['sh', '-c', each.when], { allowFailure: true })).code === 0;
}

async function exportOne(target: Target, service: Service, each: ServiceExport, bag: BagWriter): Promise<Dump> {
  const file = `${service.id}/${each.file}`;
  const stream = target.execStream(['sh', '-c', each.run], each.user ? { user: each.user } : {});
  stream.stdin.end();
  const bytes = await bag.addFile(`data/dumps/${file}`, stream.stdout);
  await stream.done.catch(cause => {
    throw new PerennialError(
      'step-failed',
      `The export of ${service.title} (${each.id}) failed: ${(cause as Error).message}`,
      {
        cause,
        hint: 'Is the service running? Only the old program can write this data; start it and archive again.',
      },
    );
  });
  if (bytes === 0) throw new PerennialError('step-failed', `The export of ${service.title} (${each.id}) is empty`);
  return { file, service: service.id, export: each.id, bytes };
}

async function replacedPaths(
  target: Target,
  service: Service,
  each: ServiceExport,
): Promise<(path: string) => boolean> {
  const folders = each.replacesFrom ? await replacedFolders(target, service, each.replacesFrom) : [];
  return replacedTest(each, folders);
}

async function replacedFolders(target: Target, service: Service, program: string): Promise<string[]> {
  const { stdout } = await target.exec(['sh', '-c', program]).catch(cause => {
    throw new PerennialError(
      'step-failed',
      `Where the data of ${service.title} lie could not be found: ${(cause as Error).message}`,
      { cause, hint: 'Nothing was archived: without it nobody knows which files the export carries.' },
    );
  });
  return stdout
    .toString()
    .split('\n')
    .filter(line => line.startsWith('/') && line !== '/');
}

/** A test whether an export carries a path. Pure. @param folders that its program named: all below them */
export function replacedTest(
  { replaces, keeps }: Pick<ServiceExport, 'replaces' | 'keeps'>,
  folders: string[],
): (path: string) => boolean {
  const [isFixed, isOwn] = [compileGlobs(replaces), compileGlobs(keeps)];
  return path => (isFixed(path) || folders.some(folder => path.startsWith(`${folder}/`))) && !isOwn(path);
}
