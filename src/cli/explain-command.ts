import { buildIndex } from '../archive/index-entries.ts';
import type { IndexEntry } from '../bag/index-entry.ts';
import type { Bag } from '../bag/open-bag.ts';
import { compileGlobs, ruleFinder } from '../classify/rule.ts';
import { serviceConfig } from '../config/service-config.ts';
import { imageBaseline } from '../detect/baseline.ts';
import { decide, scan } from '../detect/detect.ts';
import { findEngine } from '../engine/find-engine.ts';
import { ExitCode, PerennialError } from '../errors.ts';
import { readRules } from '../knowledge/read-rules.ts';
import { explainPath } from '../report/explain-path.ts';
import { explainNotInBag, explainUnlisted, type UnlistedPath } from '../report/unlisted-path.ts';
import { printableLines } from '../system/byte-text.ts';
import { openContainer } from '../system/open-container.ts';
import { linkResolver } from '../system/package-files.ts';
import { readSystem } from '../system/read-system.ts';
import type { Command } from './commands.ts';
import { keyUsage, keyValues } from './key-options.ts';
import { bagUsage, openGivenBag } from './open-given-bag.ts';

export const explainCommand: Command = {
  summary: 'say why each path is kept or left, and how to overrule it',
  usage: `usage: perennial explain BAG | --container NAME  [PATH...] [--context DIR] [--config FILE]
                         [--engine docker|podman] [--json]

Without a PATH: every path that is not simply an unchanged file of a package. A PATH may be a glob.
--context and --config, of a container: what an archive with them would do. A container may run or be stopped.

${bagUsage}
${keyUsage}`,
  values: ['container', 'context', 'config', 'engine', ...keyValues],
  flags: ['json'],
  positionals: [0, 1000],
  async run({ values, flags, positionals }, progress) {
    if (!values.container && positionals.length === 0) {
      throw new PerennialError('bad-input', 'Give a bag or --container', { hint: this.usage.split('\n')[0]! });
    }
    const told = values.container
      ? await explainContainer(values.container, values)
      : await explainBag(await openGivenBag(positionals[0]!, values, progress));
    const paths = values.container ? positionals : positionals.slice(1);
    const chosen = choose(told, paths);
    process.stdout.write(
      flags.has('json')
        ? chosen.map(each => `${JSON.stringify(each)}\n`).join('')
        : chosen.map(each => `${printableLines(explainPath(each))}\n`).join(''),
    );
    return ExitCode.done;
  },
};

/** Lines of an index, and what is said of a path that has none. */
interface Explanations {
  entries: IndexEntry[];
  unlisted(path: string): UnlistedPath;
}

async function explainBag(bag: Bag): Promise<Explanations> {
  try {
    const entries: IndexEntry[] = [];
    for await (const entry of bag.readIndex()) entries.push(entry);
    const findRule = ruleFinder(await readRules());
    const { mounts } = bag.manifest;
    return { entries, unlisted: each => explainNotInBag(each, mounts, findRule(each, 'file')) };
  } finally {
    await bag.close();
  }
}

async function explainContainer(
  name: string,
  { engine: engineName, context, config: file }: { engine?: string; context?: string; config?: string },
): Promise<Explanations> {
  const engine = await findEngine(engineName);
  const container = await engine.inspectContainer(name);
  const config = await serviceConfig({ context, config: file });
  const { target, image, close } = await openContainer(engine, container);
  try {
    const baseline = await imageBaseline(engine, container, image);
    const rules = await readRules();
    const seen = await scan(target, container.run.mounts);
    const found = await decide(seen, {
      target,
      baseline,
      mounts: container.run.mounts,
      rules,
      owner: { include: compileGlobs(config.include), exclude: compileGlobs(config.exclude), logs: config.logs },
      rebuildable: context !== undefined,
      replacedBy: Object.assign(() => undefined, { isEmpty: true }),
      readImage: () => readSystem(image),
    });
    const resolves = linkResolver(seen.links, path => seen.entries.has(path));
    const findRule = ruleFinder(rules);
    return {
      entries: [...buildIndex(found.decided, undefined, seen.system.accounts, resolves)],
      unlisted: path =>
        explainUnlisted(path, {
          exists: seen.entries.has(path),
          inImage: baseline.image.has(path),
          package: found.packages.get(path)?.package,
          rule: findRule(path, seen.entries.get(path)?.kind ?? 'file', seen.links.get(path)),
          mounts: seen.mounts,
        }),
    };
  } finally {
    await close();
  }
}

/** The entries that were asked for; a plain path that has no entry of its own gets an answer too. */
function choose({ entries, unlisted }: Explanations, paths: string[]): (IndexEntry | UnlistedPath)[] {
  if (paths.length === 0) return entries;
  return paths.flatMap((asked): (IndexEntry | UnlistedPath)[] => {
    const path = asked.length > 1 ? asked.replace(/\/+$/, '') : asked;
    const test = compileGlobs([path]);
    const found = entries.filter(entry => entry.path === path || test(entry.path));
    return found.length > 0 ? found : [unlisted(path)];
  });
}
