/*
 * npm run check-dist
 *
 * dist/ is committed, since that is what runs; this builds the sources again, elsewhere, and compares byte by byte.
 * Names every stale file and exits 1 when there is one.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { tryRun } from './command.ts';
import { distDifferences } from './dist-differences.ts';
import { ROOT, toolEnv, WORK } from './provision/paths.ts';

const fresh = join(WORK, 'check-dist');
rmSync(fresh, { recursive: true, force: true });
const build = tryRun('rolldown', ['-c', 'rolldown.config.ts', '--dir', fresh], { cwd: ROOT, env: toolEnv() });
const stale = build.code === 0 ? distDifferences(fresh, join(ROOT, 'dist')) : [`: the build fails\n${build.stderr}`];
for (const line of stale) console.error(`dist/${line}`);
console.error(stale.length === 0 ? 'dist/ is what the sources build to' : 'Run `npm run build` and commit dist/');
process.exitCode = stale.length === 0 ? 0 : 1;
