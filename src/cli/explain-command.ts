import { buildIndex } from '../archive/index-entries.ts';
import type { IndexEntry } from '../bag/index-entry.ts';
import { openBag } from '../bag/open-bag.ts';
import { compileGlobs } from '../classify/rule.ts';
import { imageBaseline } from '../detect/baseline.ts';
import { decide, scan } from '../detect/detect.ts';
import { findEngine } from '../engine/find-engine.ts';
import { ExitCode, PerennialError } from '../errors.ts';
import { readRules } from '../knowledge/read-rules.ts';
import { explainPath } from '../report/explain-path.ts';
import { openContainer } from '../system/open-container.ts';
import { linkResolver } from '../system/package-files.ts';
import { readSystem } from '../system/read-system.ts';
import type { Command } from './commands.ts';

export const explainCommand: Command = {
  summary: 'say why each path is kept or left, and how to overrule it',
  usage: `usage: perennial explain BAG | --container NAME  [PATH...] [--engine docker|podman] [--json]

Without a PATH: every path that is not simply an unchanged file of a package. A PATH may be a glob.`,
  values: ['container', 'engine'],
  flags: ['json'],
  positionals: [0, 1000],
  async run({ values, flags, positionals }) {
    if (!values.container && positionals.length === 0) {
      throw new PerennialError('bad-input', 'Give a bag or --container', { hint: this.usage.split('\n')[0]! });
    }
    const entries = values.container
      ? await explainContainer(values.container, values.engine)
      : await explainBag(positionals[0]!);
    const paths = values.container ? positionals : positionals.slice(1);
    const chosen = choose(entries, paths);
    process.stdout.write(
      flags.has('json')
        ? chosen.map(each => `${JSON.stringify(each)}\n`).join('')
        : chosen.map(each => `${explainPath(each)}\n`).join(''),
    );
    return ExitCode.done;
  },
};

async function explainBag(path: string): Promise<IndexEntry[]> {
  const bag = await openBag(path);
  try {
    const entries: IndexEntry[] = [];
    for await (const entry of bag.readIndex()) entries.push(entry);
    return entries;
  } finally {
    await bag.close();
  }
}

async function explainContainer(name: string, engineName: string | undefined): Promise<IndexEntry[]> {
  const engine = await findEngine(engineName);
  const container = await engine.inspectContainer(name);
  const { target, image, close } = await openContainer(engine, container);
  try {
    const baseline = await imageBaseline(engine, container, image);
    const seen = await scan(target, container.run.mounts);
    const found = await decide(seen, {
      target,
      baseline,
      mounts: container.run.mounts,
      rules: await readRules(),
      owner: { include: () => false, exclude: () => false, logs: 'keep' },
      rebuildable: false,
      replacedBy: () => undefined,
      readImage: () => readSystem(image),
    });
    return buildIndex(
      found.decided,
      [],
      seen.system.accounts,
      linkResolver(seen.links, path => seen.entries.has(path)),
    );
  } finally {
    await close();
  }
}

/** The entries that were asked for; a plain path that has no entry of its own gets the general answer. */
function choose(entries: IndexEntry[], paths: string[]): (IndexEntry | { path: string })[] {
  if (paths.length === 0) return entries;
  return paths.flatMap((path): (IndexEntry | { path: string })[] => {
    const test = compileGlobs([path]);
    const found = entries.filter(entry => entry.path === path || test(entry.path));
    return found.length > 0 ? found : [{ path }];
  });
}
