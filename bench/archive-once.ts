/*
 * node bench/archive-once.ts CONTAINER OUT
 *
 * One decommission in a process of its own, into the folder OUT. Prints JSON: seconds, and `megabytes`, the most memory that the process
 * held (the engine and the programs in the container not included).
 */
import { archive } from '../src/archive/archive.ts';
import { serviceConfig } from '../src/config/service-config.ts';
import { findEngine } from '../src/engine/find-engine.ts';
import { silentProgress } from '../src/progress.ts';

const [container = '', out = ''] = process.argv.slice(2);
const started = performance.now();
await archive({
  engine: await findEngine(),
  container,
  out,
  config: await serviceConfig({}),
  progress: silentProgress,
});
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, megabytes: Math.round(process.resourceUsage().maxRSS / 1000) }));
