/*
 * node bench/detect-once.ts CONTAINER [BASELINE]
 *
 * One detection in a process of its own, as a decommission does it: nothing is compiled or cached from a run before. Prints
 * JSON: `tool` is what the tool reports (walk to classification), `wall` also has reading the baseline and file contents where
 * inodes cannot decide, `cpu` is what this process computed meanwhile; seconds. `megabytes` is the most memory that the process held.
 */
import { compileGlobs } from '../src/classify/rule.ts';
import { imageBaseline, readBaseline } from '../src/detect/baseline.ts';
import { decide, scan } from '../src/detect/detect.ts';
import type { Judging } from '../src/detect/expectation.ts';
import { findEngine } from '../src/engine/find-engine.ts';
import { readRules } from '../src/knowledge/read-rules.ts';
import { readSystem } from '../src/system/read-system.ts';
import { containerTarget, imageTarget } from '../src/system/target.ts';

const [name = '', file] = process.argv.slice(2);
const engine = await findEngine();
const container = await engine.inspectContainer(name);
const target = containerTarget(engine, container.id);
const { mounts } = container.run;

const before = process.cpuUsage();
const start = performance.now();
const baseline = file ? await readBaseline(file, container) : await imageBaseline(engine, container);
const judging: Judging = {
  baseline,
  rules: await readRules(),
  owner: { include: compileGlobs([]), exclude: compileGlobs([]), logs: 'keep' },
  rebuildable: true,
};
const found = await decide(await scan(target, mounts, judging), {
  ...judging,
  target,
  mounts,
  replacedBy: Object.assign(() => undefined, { isEmpty: true }),
  readImage: () => readSystem(imageTarget(engine, container.imageId)),
});
const wall = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(before);
const cpu = (user + system) / 1e6;
const megabytes = Math.round(process.resourceUsage().maxRSS / 1000);
console.log(JSON.stringify({ tool: found.seconds, wall, cpu, decided: found.decided.size, megabytes }));
